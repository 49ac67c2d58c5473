package io.cloacina.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.TaskContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the body of one attempt sees, and what it wrote. */
final class AttemptContext extends JsonContext implements TaskContext {
    private final Claim claim;
    private final ObjectNode written = empty();

    AttemptContext(Claim claim, ObjectNode values) {
        super(values, "task '" + claim.taskName() + "' of execution " + claim.execution());
        this.claim = claim;
    }

    @Override
    public UUID executionId() {
        return claim.execution().value();
    }

    @Override
    public String taskName() {
        return claim.taskName();
    }

    @Override
    public int attempt() {
        return claim.attempt();
    }

    @Override
    public void put(String key, @Nullable Object value) {
        JsonNode node = node(key, value);
        written.set(key, node);
        set(values(), key, node);
    }

    /** The patch to store, or null if nothing was written. */
    @Nullable
    String patch() {
        return stored(written, "what task '" + claim.taskName() + "' of execution " + claim.execution() + " wrote");
    }
}
