package io.cloacina.engine.internal.claim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.engine.internal.json.JsonContext;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a task sees before it writes. Several tasks may share a snapshot; then it is not changed. A single successor may
 * change it in place, so that a long chain of tasks copies nothing. Thread safe as long as that rule is kept.
 *
 * @param size about how many characters of JSON the values have
 */
public record ContextSnapshot(ObjectNode values, int size, AtomicBoolean shared) {
    public ContextSnapshot(ObjectNode values, int size) {
        this(values, size, new AtomicBoolean());
    }

    /** The snapshot for tasks that depend on this one alone: with what this task wrote. */
    public ContextSnapshot after(ObjectNode written, int writtenSize) {
        if (written.isEmpty()) {
            return this;
        }
        ObjectNode target = values;
        if (shared.get()) {
            target = JsonContext.empty();
            target.setAll(values);
        }
        JsonContext.apply(written, target);
        return new ContextSnapshot(target, size + writtenSize);
    }
}
