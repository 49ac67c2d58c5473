package io.cloacina.engine.internal.claim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.engine.internal.json.JsonContext;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a task sees before it writes. Several tasks may share one, and then nobody changes it; whoever is the only heir may
 * build on it in place, so that a long chain copies nothing. Thread safe as long as that is kept.
 *
 * @param size about how many characters it has as JSON
 */
public record ContextSnapshot(ObjectNode values, int size, AtomicBoolean shared) {
    public ContextSnapshot(ObjectNode values, int size) {
        this(values, size, new AtomicBoolean());
    }

    /** With what a task wrote: for tasks that depend on this one alone. */
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
