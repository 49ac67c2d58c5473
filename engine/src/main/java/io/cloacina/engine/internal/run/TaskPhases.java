package io.cloacina.engine.internal.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.ChildWorkflow;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.FanOut;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.Wait;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.ContextSnapshot;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.CarriedJson;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.json.Shape;
import io.cloacina.engine.internal.store.ElementStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.WaitStore;
import io.cloacina.engine.internal.write.AttemptContext;
import io.cloacina.engine.internal.write.ContextLoader;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.TransientRetry;
import io.cloacina.engine.model.ChildFailedException;
import io.cloacina.engine.model.ElementsFailedException;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a task does besides its body, over several claims. First it waits for a time or a signal. A body with a child workflow
 * hands its work over and waits again; a task with a list has one run for each element and waits for these. Each wait ends the
 * claim, and a later claim continues where the task stopped.
 */
public final class TaskPhases {
    private final Database database;
    private final ContextLoader contexts;
    private final Definitions definitions;
    private final TransientRetry transientRetry;
    private final Clock clock;
    private final JsonMapping json;
    private final Bounds bounds;

    /** How large a context may be, in bytes of JSON, and how many elements the list of a task may have. */
    public record Bounds(int maxContextBytes, int maxElements) {}

    public TaskPhases(
            Database database,
            ContextLoader contexts,
            Definitions definitions,
            TransientRetry transientRetry,
            Clock clock,
            JsonMapping json,
            Bounds bounds) {
        this.database = database;
        this.contexts = contexts;
        this.definitions = definitions;
        this.transientRetry = transientRetry;
        this.clock = clock;
        this.json = json;
        this.bounds = bounds;
    }

    /** What an attempt sees and writes. {@code connection}: that of the transaction of a transactional body, otherwise null. */
    AttemptContext context(Claimed claimed, ContextSnapshot snapshot, @Nullable Connection connection) {
        return new AttemptContext(claimed, snapshot, clock, connection, json, definitions, bounds.maxContextBytes());
    }

    /**
     * The end of an attempt that must wait, or do something else, before its body may run; empty if the body runs now.
     *
     * @throws Exception if that fails the attempt
     */
    Optional<Outcome> beforeBody(Claimed claimed, TaskDefinition task, AttemptContext context) throws Exception {
        if (claimed.stage().waited() == WaitKind.CHILDREN) {
            return Optional.of(joined(claimed, task, context));
        }
        if (claimed.stage().element() != null) {
            return Optional.empty();
        }
        Optional<Wait> wait = task.waitsFor();
        Optional<Outcome> waiting =
                wait.isEmpty() ? Optional.empty() : await(claimed, wait.get(), context, isBounded(claimed, task));
        return waiting.or(() -> task.fanOut().map(fanOut -> spread(claimed, fanOut, context)));
    }

    /** Gives a transactional body that runs after a wait for a signal the value of that signal. */
    void receive(ReadTransaction transaction, Claimed claimed, TaskDefinition task, AttemptContext context) {
        if (task.waitsFor().orElse(null) instanceof Wait.Signal signal
                && claimed.stage().element() == null) {
            received(
                    context,
                    signal,
                    transaction.find(WaitStore.SIGNAL, name(claimed, signal)).orElse(null));
        }
    }

    private static WaitStore.SignalName name(Claimed claimed, Wait.Signal signal) {
        return new WaitStore.SignalName(claimed.claim().execution(), signal.name());
    }

    private static void received(AttemptContext context, Wait.Signal signal, WaitStore.@Nullable Sent sent) {
        String json = sent == null ? null : sent.value();
        context.received(new AttemptContext.Received(
                signal.name(), json == null ? null : JsonContext.tree(json, "the signal '" + signal.name() + "'")));
    }

    /** The end of an attempt whose body returned. A body with a child workflow has only handed its work over. */
    Outcome afterBody(Claimed claimed, TaskDefinition task, AttemptContext context) {
        ChildWorkflow child = task.child().orElse(null);
        if (child == null) {
            return new Outcome(claimed, new Outcome.Completed(context.patch()), context);
        }
        JsonNode handed = context.written().get(context.outputKey());
        if (!(handed instanceof ObjectNode input)) {
            throw new CloacinaException(
                    ErrorCodes.CHILD_INPUT,
                    "task '" + claimed.claim().taskName() + "' has a child of workflow '" + child.workflow()
                            + "' and must return its input, an object such as a map or a record, but "
                            + (handed == null ? "returned nothing" : "returned " + Shape.described(handed)));
        }
        Workflow workflow = transientRetry.keepTrying(
                "looking for workflow '" + child.workflow() + "'", () -> definitions.forChild(child.workflow()));
        UniversalTimestamp at = UniversalTimestamp.now(clock);
        String json =
                JsonContext.stored(input, "the input of workflow '" + workflow.name() + "'", bounds.maxContextBytes());
        PreparedExecution prepared = PreparedExecution.of(UniversalUuid.v7(), workflow, input, json)
                .childOf(claimed.claim().task())
                .priority(claimed.priority() - task.priority())
                .ownDeadline(at)
                .carried(CarriedJson.of(context.handedOn()))
                .prepared();
        return new Outcome(claimed, new Outcome.Delegates(prepared), null);
    }

    private static boolean isBounded(Claimed claimed, TaskDefinition task) {
        return !LimitKeys.bounds(claimed.workflow(), task, false).isEmpty();
    }

    private Optional<Outcome> await(Claimed claimed, Wait wait, AttemptContext context, boolean isBounded)
            throws Exception {
        if (wait instanceof Wait.Signal signal) {
            return listen(claimed, signal, context, isBounded);
        }
        if (claimed.stage().waited() == WaitKind.TIME) {
            return Optional.empty();
        }
        UniversalTimestamp now = UniversalTimestamp.now(clock);
        UniversalTimestamp until = wait instanceof Wait.SleepUntil sleep
                ? until(claimed, sleep.time().until(context), now)
                : now.saturatedPlus(((Wait.Sleep) wait).length());
        return Optional.of(new Outcome(claimed, new Outcome.Sleeps(until), null));
    }

    /** Checks the instant that user code returned. An instant in the past does not delay the task. */
    private static UniversalTimestamp until(Claimed claimed, @Nullable Instant given, UniversalTimestamp now) {
        String what = "the instant until which task '" + claimed.claim().taskName() + "' sleeps";
        Instant until = Arguments.given(what, given);
        if (until.isBefore(now.toInstant())) {
            return now;
        }
        return UniversalTimestamp.of(Arguments.instant(Arguments.INVALID, what, until));
    }

    /** @param isBounded whether the body must be claimed for itself, because limits count it */
    private Optional<Outcome> listen(Claimed claimed, Wait.Signal signal, AttemptContext context, boolean isBounded) {
        boolean hasWaited = claimed.stage().waited() == WaitKind.SIGNAL;
        WaitStore.Sent sent = transientRetry.keepTrying(
                "looking for a signal",
                () -> database.find(WaitStore.SIGNAL, name(claimed, signal)).orElse(null));
        boolean isOver = sent == null && hasWaited;
        if (isOver && !signal.isOptional()) {
            String reason = "no signal '" + signal.name() + "' came within "
                    + (signal.within() == null ? "its time" : Arguments.span(signal.within()));
            return Optional.of(new Outcome(claimed, new Outcome.Skipped(reason), null));
        }
        if (!hasWaited && (sent == null || isBounded)) {
            Duration within = signal.within();
            UniversalTimestamp due =
                    within == null ? null : UniversalTimestamp.now(clock).saturatedPlus(within);
            return Optional.of(new Outcome(claimed, new Outcome.Listens(signal.name(), due), null));
        }
        received(context, signal, sent);
        return Optional.empty();
    }

    private Outcome spread(Claimed claimed, FanOut fanOut, AttemptContext context) {
        JsonNode list = context.base().values().get(fanOut.list());
        if (!(list instanceof ArrayNode array)) {
            throw new CloacinaException(
                    ErrorCodes.NO_LIST,
                    "task '" + claimed.claim().taskName() + "' runs for each element of '" + fanOut.list()
                            + "', which is " + (list == null ? "missing" : Shape.described(list) + " and not a list")
                            + "; " + claimed.workflow().writer(claimed.task(), fanOut.list(), "a list"));
        }
        if (array.size() > bounds.maxElements()) {
            throw new CloacinaException(
                    ErrorCodes.TOO_MANY_ELEMENTS,
                    "task '" + claimed.claim().taskName() + "' runs for each of " + array.size()
                            + " elements, and at most "
                            + bounds.maxElements() + " are allowed: raise maxTasks where the engine is built, or let"
                            + " each run do several");
        }
        if (array.isEmpty()) {
            context.outputNode(array);
            return new Outcome(claimed, new Outcome.Completed(context.patch()), context);
        }
        List<String> elements = new ArrayList<>(array.size());
        array.forEach(element -> elements.add(JsonMapping.text(element, "an element of '" + fanOut.list() + "'")));
        return new Outcome(claimed, new Outcome.Spreads(elements), context);
    }

    private Outcome joined(Claimed claimed, TaskDefinition task, AttemptContext context) {
        // A run for one element may have a child workflow as well: then it has waited for that child.
        boolean isOfList = task.fanOut().isPresent() && claimed.stage().element() == null;
        JsonNode output = transientRetry.keepTrying(
                "collecting what task '" + task.name() + "' has waited for",
                () -> isOfList ? results(claimed, task) : childResult(claimed, task));
        context.outputNode(output);
        return new Outcome(claimed, new Outcome.Completed(context.patch()), context);
    }

    private JsonNode results(Claimed claimed, TaskDefinition task) {
        boolean isCollecting = task.fanOut().map(FanOut::isCollecting).orElse(false);
        ArrayNode all = JsonContext.array();
        List<String> failures = new ArrayList<>();
        for (ElementStore.Result result :
                database.list(ElementStore.RESULTS_OF, claimed.claim().task())) {
            JsonNode value = result.patch() == null
                    ? null
                    : JsonContext.parse(result.patch(), "an element of task '" + task.name() + "'")
                            .get(task.name());
            boolean hasCompleted = result.status() == TaskStatus.COMPLETED;
            if (result.status() == TaskStatus.FAILED) {
                failures.add("[" + all.size() + "] " + firstLine(result.error()));
            }
            if (isCollecting) {
                ObjectNode outcome = JsonContext.empty();
                outcome.set("value", value);
                outcome.put("error", hasCompleted ? null : firstLine(result.error()));
                all.add(outcome);
            } else {
                all.add(value);
            }
        }
        if (!isCollecting && !failures.isEmpty()) {
            throw new ElementsFailedException(claimed.claim().taskName(), failures, all.size());
        }
        return all;
    }

    private JsonNode childResult(Claimed claimed, TaskDefinition task) {
        ChildWorkflow child = task.child().orElseThrow();
        UniversalUuid id = database.find(ElementStore.CHILD_OF, claimed.claim().task())
                .orElseThrow(() -> new CloacinaException(
                        ErrorCodes.CHILD_REMOVED,
                        "the child of task '" + claimed.claim().taskName() + "' does not exist any more: it was removed"
                                + " before its result was read; keep finished executions longer"));
        Execution ended = database.find(HistoryStore.FIND, id).orElseThrow();
        if (ended.status() != ExecutionStatus.COMPLETED) {
            String cause = ended.status() == ExecutionStatus.FAILED
                    ? database.find(ElementStore.FIRST_FAILURE_OF, id)
                            .map(first -> "'" + first.task() + "': " + firstLine(first.error()))
                            .orElse(null)
                    : null;
            throw new ChildFailedException(claimed.claim().taskName(), ended, cause);
        }
        ObjectNode values = contexts.loadAll(id);
        JsonNode taken = child.take() == null ? values : values.get(child.take());
        return taken == null ? NullNode.getInstance() : taken;
    }

    private static String firstLine(@Nullable String error) {
        return error == null ? "it did not complete" : error.lines().findFirst().orElse(error);
    }
}
