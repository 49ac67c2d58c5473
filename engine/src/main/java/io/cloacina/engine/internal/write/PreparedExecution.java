package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.ExecutionOrigin;
import io.cloacina.engine.internal.claim.ContextSnapshot;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A checked submission under its id. {@code json} is null when the input is empty, and then nothing is stored for it. */
public record PreparedExecution(
        UniversalUuid id,
        Workflow workflow,
        ObjectNode input,
        @Nullable String json,
        @Nullable String key,
        int priority,
        @Nullable UniversalTimestamp startAfter,
        @Nullable UniversalUuid parentTask,
        ExecutionOrigin origin,
        UniversalTimestamp at) {
    ContextSnapshot base() {
        return new ContextSnapshot(input, json == null ? 0 : json.length());
    }

    /** Its key with what that is a key of. */
    ExecutionStore.Key usedKey() {
        return new ExecutionStore.Key(workflow.name(), Objects.requireNonNull(key));
    }
}
