package io.cloacina.engine.internal.claim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.engine.internal.json.JsonContext;

/**
 * What a task sees before it writes. A snapshot is shared, and then its values never change, or it has one owner. When
 * the owner has ended, the values of the snapshot become those of its successor in place, so that a long chain of tasks
 * copies nothing. Thread safe as long as an owner hands it on once.
 */
public final class ContextSnapshot {
    private final ObjectNode values;
    private final int size;
    private final boolean isShared;

    /**
     * A snapshot that has one owner.
     *
     * @param size about how many characters of JSON the values have
     */
    public ContextSnapshot(ObjectNode values, int size) {
        this(values, size, false);
    }

    private ContextSnapshot(ObjectNode values, int size, boolean isShared) {
        this.values = values;
        this.size = size;
        this.isShared = isShared;
    }

    /** The same values for several tasks. This one must not be handed on by an owner any more. */
    public ContextSnapshot shared() {
        return isShared ? this : new ContextSnapshot(values, size, true);
    }

    /** What the task sees; only to be read. */
    public ObjectNode values() {
        return values;
    }

    /** About how many characters of JSON the values have. */
    public int size() {
        return size;
    }

    /**
     * Hands on what its owner saw, with what that task wrote.
     *
     * @param isShared whether several tasks get it, or one gets it that may not be the only one
     */
    public ContextSnapshot handOn(ObjectNode written, int writtenSize, boolean isShared) {
        if (written.isEmpty()) {
            return isShared ? shared() : this;
        }
        ObjectNode target = values;
        if (this.isShared) {
            target = JsonContext.empty();
            target.setAll(values);
        }
        JsonContext.apply(written, target);
        return new ContextSnapshot(target, size + writtenSize, isShared);
    }
}
