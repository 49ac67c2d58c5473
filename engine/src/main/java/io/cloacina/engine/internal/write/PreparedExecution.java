package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionOrigin;
import io.cloacina.engine.internal.claim.ContextSnapshot;
import io.cloacina.engine.internal.claim.Inputs;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.CarriedJson;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.LabelStore;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A checked submission with its id.
 *
 * @param json null if the input is empty: then nothing is stored for it
 * @param restarted the execution that it restarts; null for other submissions
 */
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
        @Nullable String carried,
        @Nullable UniversalUuid restarted) {
    /** Checks the input against what the workflow declares; a restart may have the input of a schedule. */
    public PreparedExecution {
        boolean mayBeOfSchedule = origin == ExecutionOrigin.SCHEDULE || restarted != null;
        Inputs.check(workflow.stored(), input, mayBeOfSchedule ? Inputs.OF_SCHEDULES : Set.of());
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
        return of(UniversalUuid.v7(), workflow, input, stored)
                .key(submission.idempotencyKey().orElse(null))
                .startAfter(startAfter)
                .options(submission, begins)
                .prepared();
    }

    /**
     * Refuses the workflow that delivers alerts, because it signs the message that is its input: the right to submit
     * workflows does not include the right to sign.
     */
    public static void requireOwn(Workflow workflow) {
        if (workflow.name().equals(AlertRule.DELIVERY)) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_NAME,
                    "the workflow '" + AlertRule.DELIVERY
                            + "' delivers alerts, and is submitted by the engine only: store an alert, or test one");
        }
    }

    /** The deadline by the definition, for an execution that begins then; null if it has none. */
    private static @Nullable UniversalTimestamp deadline(Workflow workflow, UniversalTimestamp begins) {
        Duration longest = workflow.stored().deadline();
        return longest == null ? null : begins.saturatedPlus(longest);
    }

    /** Begins the description of a submission that has no options yet. */
    public static Draft of(UniversalUuid id, Workflow workflow, ObjectNode input, @Nullable String json) {
        return new Draft(id, workflow, input, json);
    }

    /** A submission whose options are said by name; what is not said is absent. Used by one thread. */
    public static final class Draft {
        private final UniversalUuid id;
        private final Workflow workflow;
        private final ObjectNode input;
        private final @Nullable String json;
        private @Nullable String key;
        private Map<String, String> labels = Map.of();
        private int priority;
        private @Nullable UniversalTimestamp startAfter;
        private @Nullable UniversalTimestamp deadline;
        private @Nullable UniversalUuid parentTask;
        private ExecutionOrigin origin = ExecutionOrigin.SUBMIT;
        private @Nullable String carried;
        private @Nullable UniversalUuid restarted;

        private Draft(UniversalUuid id, Workflow workflow, ObjectNode input, @Nullable String json) {
            this.id = id;
            this.workflow = workflow;
            this.input = input;
            this.json = json;
        }

        Draft key(@Nullable String given) {
            key = given;
            return this;
        }

        Draft labels(Map<String, String> given) {
            labels = given;
            return this;
        }

        public Draft priority(int given) {
            priority = given;
            return this;
        }

        /** Sets what a restart may have as well: the labels, the priority, the deadline, and what it carries. */
        Draft options(Submission submission, UniversalTimestamp begins) {
            return labels(submission.labels())
                    .priority(submission.priority())
                    .deadline(submission
                            .deadlineFrom(begins.toInstant())
                            .map(UniversalTimestamp::of)
                            .orElseGet(() -> PreparedExecution.deadline(workflow, begins)))
                    .carried(CarriedJson.of(submission.carried()));
        }

        Draft startAfter(@Nullable UniversalTimestamp given) {
            startAfter = given;
            return this;
        }

        Draft deadline(@Nullable UniversalTimestamp given) {
            deadline = given;
            return this;
        }

        /** Sets the deadline of the workflow, for an execution that begins then. */
        public Draft ownDeadline(UniversalTimestamp begins) {
            return deadline(PreparedExecution.deadline(workflow, begins));
        }

        /** Makes it the child of a task. */
        public Draft childOf(UniversalUuid task) {
            parentTask = task;
            origin = ExecutionOrigin.TASK;
            return this;
        }

        /** Makes it an occurrence of a schedule. */
        Draft ofSchedule() {
            origin = ExecutionOrigin.SCHEDULE;
            return this;
        }

        /** Sets what it carries, as it is stored; null for nothing. */
        public Draft carried(@Nullable String given) {
            carried = given;
            return this;
        }

        Draft restarted(UniversalUuid execution) {
            restarted = execution;
            return this;
        }

        public PreparedExecution prepared() {
            return new PreparedExecution(
                    id,
                    workflow,
                    input,
                    json,
                    key,
                    labels,
                    priority,
                    startAfter,
                    deadline,
                    parentTask,
                    origin,
                    carried,
                    restarted);
        }
    }

    /**
     * The row of the execution.
     *
     * @param context that of its input; null if nothing is stored for it
     * @param started whether a task of it is stored as claimed or as finished
     */
    ExecutionStore.NewExecution row(@Nullable UniversalUuid context, boolean started, UniversalTimestamp at) {
        return new ExecutionStore.NewExecution(
                id, workflow, context, key, priority, startAfter, deadline, parentTask, origin, started, at);
    }

    List<LabelStore.Label> labelRows() {
        return labels.entrySet().stream()
                .map(label -> new LabelStore.Label(id, label.getKey(), label.getValue()))
                .toList();
    }

    EngineEvent.ExecutionSubmitted event(UniversalTimestamp at) {
        return new EngineEvent.ExecutionSubmitted(id.value(), workflow.name(), labels, priority, at.toInstant());
    }

    ContextSnapshot base() {
        return new ContextSnapshot(input, json == null ? 0 : json.length());
    }

    /** The idempotency key with the name of the workflow, within which it is unique. */
    ExecutionStore.Key usedKey() {
        return new ExecutionStore.Key(workflow.name(), Objects.requireNonNull(key));
    }
}
