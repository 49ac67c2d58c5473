package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.ExecutionOrigin;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.CarriedJson;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.ContinuationStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.LabelStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.type.UniversalUuid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The successors of executions. What a task asks for is stored with its completion, and submitted by the transaction that
 * completes the execution: so there is one successor, or none if the execution does not complete.
 */
final class Continuations {
    private static final String WORKFLOW = "workflow";
    private static final String INPUT = "input";
    private static final String CARRIED = "carried";

    private final Submitter submitter;
    private final Definitions definitions;

    Continuations(Submitter submitter, Definitions definitions) {
        this.submitter = submitter;
        this.definitions = definitions;
    }

    /** What an execution continues as, as it is stored, with what that carries. */
    static String json(String workflow, ObjectNode input, Map<String, String> carried) {
        ObjectNode continuation = JsonContext.empty().put(WORKFLOW, workflow);
        continuation.set(INPUT, input);
        String json = CarriedJson.of(carried);
        if (json != null) {
            continuation.put(CARRIED, json);
        }
        return JsonContext.text(continuation, "what an execution continues as");
    }

    /** Stores what tasks ask for that have completed. */
    static void ask(UnitOfWork work, List<Outcome> completed) {
        for (Outcome outcome : completed) {
            AttemptContext context = outcome.context();
            String asked = context == null ? null : context.continuation();
            if (asked != null) {
                work.run(
                        ContinuationStore.ASK,
                        new ContinuationStore.Asked(outcome.claim().execution(), asked, work.at()));
            }
        }
    }

    /** Submits the successor of an execution that has just completed, if a task of it has asked for one. */
    void submit(UnitOfWork work, UniversalUuid from, @Nullable String asked) {
        if (asked == null) {
            return;
        }
        ObjectNode continuation = JsonContext.parse(asked, "execution " + from);
        Workflow workflow = definitions.named(
                Definitions.Reading.in(work.transaction()),
                continuation.path(WORKFLOW).asText());
        ObjectNode input = continuation.withObject("/" + INPUT);
        Execution before = work.find(HistoryStore.FIND, from).orElseThrow();
        Map<String, String> labels = new LinkedHashMap<>();
        work.list(LabelStore.OF, from).forEach(each -> labels.put(each.name(), each.value()));
        PreparedExecution successor = new PreparedExecution(
                UniversalUuid.v7(),
                workflow,
                input,
                input.isEmpty() ? null : JsonContext.text(input, "the input of workflow '" + workflow.name() + "'"),
                null,
                labels,
                before.priority(),
                null,
                PreparedExecution.deadline(workflow, work.at()),
                null,
                ExecutionOrigin.SUBMIT,
                continuation.path(CARRIED).asText(null));
        submitter.submit(work, List.of(successor));
        ContinuationStore.Link link = new ContinuationStore.Link(from, successor.id());
        work.run(ContinuationStore.CONTINUED_AS, link);
        work.run(ContinuationStore.CONTINUED_FROM, link);
    }
}
