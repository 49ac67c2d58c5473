package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.ContinuationStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The successors of executions. A successor is stored with the completion of the task that asked for it, and submitted
 * by the transaction that completes the execution. So there is exactly one, or none if the execution does not complete.
 */
final class Continuations {
    private final Submitter submitter;
    private final Definitions definitions;

    Continuations(Submitter submitter, Definitions definitions) {
        this.submitter = submitter;
        this.definitions = definitions;
    }

    /** Stores the successors that completed tasks ask for. */
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
        StoredContinuation continuation = StoredContinuation.parse(asked, "execution " + from);
        Workflow workflow = definitions.named(Reading.in(work.transaction()), continuation.workflow());
        Execution before = work.find(HistoryStore.FIND, from).orElseThrow();
        ObjectNode input = continuation.input();
        String json =
                input.isEmpty() ? null : JsonContext.text(input, "the input of workflow '" + workflow.name() + "'");
        PreparedExecution successor = Inheritance.inherit(
                        work, before, PreparedExecution.of(UniversalUuid.v7(), workflow, input, json))
                .carried(continuation.carried())
                .prepared();
        submitter.submit(work, List.of(successor));
        ContinuationStore.Link link = new ContinuationStore.Link(from, successor.id());
        work.run(ContinuationStore.CONTINUED_AS, link);
        work.run(ContinuationStore.CONTINUED_FROM, link);
    }
}
