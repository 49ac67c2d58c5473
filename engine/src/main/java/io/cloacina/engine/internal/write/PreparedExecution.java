package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionOrigin;
import io.cloacina.engine.internal.claim.ContextSnapshot;
import io.cloacina.engine.internal.claim.Inputs;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.CarriedJson;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A checked submission with its id. {@code json} is null if the input is empty: then nothing is stored for it. */
public record PreparedExecution(
        UniversalUuid id,
        Workflow workflow,
        ObjectNode input,
        @Nullable String json,
        @Nullable String key,
        Map<String, String> labels,
        int priority,
        @Nullable UniversalTimestamp startAfter,
        @Nullable UniversalTimestamp deadline,
        @Nullable UniversalUuid parentTask,
        ExecutionOrigin origin,
        @Nullable String carried) {
    /** Checks the input against what the workflow declares. */
    public PreparedExecution {
        Inputs.check(workflow.stored(), input, origin == ExecutionOrigin.SCHEDULE ? Inputs.OF_SCHEDULES : Set.of());
    }

    /**
     * A submission of the application.
     *
     * @throws CloacinaException if applications may not submit the workflow; if the input is not JSON, is larger than
     *     {@code maxBytes} or does not fit the workflow's declaration; or if it has no value for the key of a limit
     */
    public static PreparedExecution submitted(
            Submission submission, Workflow workflow, JsonMapping json, int maxBytes, UniversalTimestamp at) {
        requireOwn(workflow);
        String where = "the input of workflow '" + workflow.name() + "'";
        ObjectNode input = JsonContext.object(json, submission.input(), where, maxBytes);
        LimitKeys.require(workflow, input);
        String stored = JsonContext.stored(input, where, maxBytes);
        json.largeValues().look(workflow.name(), null, input, stored);
        UniversalTimestamp startAfter = submission
                .startAfter(at.toInstant())
                .map(UniversalTimestamp::of)
                .orElse(null);
        UniversalTimestamp begins = startAfter == null ? at : startAfter;
        return new PreparedExecution(
                UniversalUuid.v7(),
                workflow,
                input,
                stored,
                submission.idempotencyKey().orElse(null),
                submission.labels(),
                submission.priority(),
                startAfter,
                deadline(submission, workflow, begins),
                null,
                ExecutionOrigin.SUBMIT,
                CarriedJson.of(submission.carried()));
    }

    /**
     * Refuses the workflow that delivers alerts, because it signs the message that is its input: the right to submit
     * workflows does not include the right to sign.
     */
    public static void requireOwn(Workflow workflow) {
        if (workflow.name().equals(AlertRule.DELIVERY)) {
            throw new CloacinaException(
                    "INVALID_NAME",
                    "the workflow '" + AlertRule.DELIVERY
                            + "' delivers alerts, and is submitted by the engine only: store an alert, or test one");
        }
    }

    /** The deadline of a submission, or by the definition, for an execution that begins then; null if it has none. */
    static @Nullable UniversalTimestamp deadline(Submission submission, Workflow workflow, UniversalTimestamp begins) {
        return submission
                .deadlineFrom(begins.toInstant())
                .map(UniversalTimestamp::of)
                .orElseGet(() -> deadline(workflow, begins));
    }

    /** The deadline by the definition, for an execution that begins then; null if it has none. */
    static @Nullable UniversalTimestamp deadline(Workflow workflow, UniversalTimestamp begins) {
        Duration longest = workflow.stored().deadline();
        return longest == null ? null : begins.saturatedPlus(longest);
    }

    /**
     * A submission of the engine itself, which begins now.
     *
     * @param carried what it carries, as it is stored; null for nothing
     */
    public static PreparedExecution internal(
            UniversalUuid id,
            Workflow workflow,
            ObjectNode input,
            @Nullable String json,
            int priority,
            @Nullable UniversalUuid parentTask,
            ExecutionOrigin origin,
            @Nullable String carried,
            UniversalTimestamp at) {
        return new PreparedExecution(
                id,
                workflow,
                input,
                json,
                null,
                Map.of(),
                priority,
                null,
                deadline(workflow, at),
                parentTask,
                origin,
                carried);
    }

    ContextSnapshot base() {
        return new ContextSnapshot(input, json == null ? 0 : json.length());
    }

    /** The idempotency key with the name of the workflow, within which it is unique. */
    ExecutionStore.Key usedKey() {
        return new ExecutionStore.Key(workflow.name(), Objects.requireNonNull(key));
    }
}
