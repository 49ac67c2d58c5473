package io.cloacina.engine.internal.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;

/** A message of an alert, and the execution that delivers it. Immutable. */
public final class AlertMessage {
    /** The key of the alert's name in the input of the delivering execution. */
    public static final String ALERT = "alert";

    /** The key of the message that is sent, in the same input. */
    public static final String MESSAGE = "message";

    private static final String EXECUTION = "execution";

    private final String alert;
    private final ObjectNode message;

    private AlertMessage(AlertRule rule, String state, Instant at, String text) {
        this.alert = rule.name();
        this.message = JsonContext.empty()
                .put(ALERT, alert)
                .put("kind", rule.kind().label())
                .put("state", state)
                .put("at", at.toString())
                .put("text", text);
    }

    /** The message that the condition is fulfilled. */
    static AlertMessage firing(AlertRule rule, Instant at, String sentence) {
        return new AlertMessage(rule, "firing", at, "Alert " + Arguments.shown(rule.name()) + ": " + sentence);
    }

    /** The message that the condition is no longer fulfilled. */
    static AlertMessage resolved(AlertRule rule, Instant at, Instant since) {
        return new AlertMessage(
                rule,
                "resolved",
                at,
                "Alert " + Arguments.shown(rule.name()) + ", which fired since " + ReasonFinder.shown(since)
                        + ", is resolved");
    }

    /** The message that an execution has ended. */
    static AlertMessage ended(AlertRule rule, StoredEvent.ExecutionEnded event) {
        AlertMessage ended = new AlertMessage(
                rule,
                "ended",
                event.at(),
                "Execution " + event.executionId() + " of workflow " + Arguments.shown(event.workflow()) + " ended: "
                        + event.status().label());
        ended.message
                .putObject(EXECUTION)
                .put("id", event.executionId().toString())
                .put("workflow", event.workflow())
                .put("version", event.version())
                .put("status", event.status().label())
                .put("created_at", event.submittedAt().toString())
                .put("completed_at", event.at().toString());
        return ended;
    }

    /** A message that an operator sends as a test, although no condition is fulfilled. */
    public static AlertMessage test(AlertRule rule, Instant at) {
        return new AlertMessage(
                rule, "test", at, "This is a test of alert " + Arguments.shown(rule.name()) + ": nothing is wrong");
    }

    /**
     * The highest priority for an alert about a condition, which may be that too many tasks wait; the default for the
     * end of one execution, because many executions may end.
     */
    private int priority() {
        return message.has(EXECUTION) ? 0 : Submission.MAX_PRIORITY;
    }

    /** The execution that delivers this message. */
    public PreparedExecution prepared(UniversalUuid id, Workflow workflow, UniversalTimestamp at) {
        ObjectNode input = JsonContext.empty().put(ALERT, alert);
        input.set(MESSAGE, message);
        return PreparedExecution.of(id, workflow, input, JsonContext.text(input, "a message of an alert"))
                .priority(priority())
                .ownDeadline(at)
                .prepared();
    }
}
