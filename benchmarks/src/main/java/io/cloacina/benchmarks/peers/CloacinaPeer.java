package io.cloacina.benchmarks.peers;

import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Submission;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/** Ourselves. */
final class CloacinaPeer implements Peer {
    private static final int SLOTS = 256;
    private static final String NUMBER = "number";

    private final Engine engine;

    CloacinaPeer(PeerDatabase database, Ledger ledger) {
        TaskBody ran = context -> ledger.ran(context.get(NUMBER, Integer.class));
        TaskBody last = context -> ledger.ranLast(context.get(NUMBER, Integer.class));
        DataSource counted = database.counted();
        EngineBuilder builder = counted == null ? Engine.builder(database.url()) : Engine.builder(counted);
        engine = builder.slots(SLOTS)
                .keepForever()
                .workflow(WorkflowDefinition.named(Work.SINGLE.label())
                        .version("1")
                        .task("only", last)
                        .build())
                .workflow(WorkflowDefinition.named(Work.CHAIN.label())
                        .version("1")
                        .task("one", ran)
                        .task("two", ran, task -> task.after("one"))
                        .task("three", last, task -> task.after("two"))
                        .build())
                .workflow(WorkflowDefinition.named(Work.FAN.label())
                        .version("1")
                        .task("start", ran)
                        .task("a", ran, task -> task.after("start"))
                        .task("b", ran, task -> task.after("start"))
                        .task("c", ran, task -> task.after("start"))
                        .task("end", last, task -> task.after("a", "b", "c"))
                        .build())
                .start();
    }

    @Override
    public void submit(Work work, int number) {
        engine.submit(submission(work, number));
    }

    @Override
    public void submitAll(int first, int count) {
        engine.submitAll(IntStream.range(first, first + count)
                .mapToObj(number -> submission(Work.SINGLE, number))
                .toList());
    }

    @Override
    public void submitAndAwait(int number) {
        engine.await(engine.submit(submission(Work.SINGLE, number)));
    }

    @Override
    public long unfinished() {
        return Arrays.stream(Work.values())
                .mapToLong(work -> engine.count(
                                ExecutionQuery.all().workflow(work.label()).unfinished())
                        .atLeast())
                .sum();
    }

    private static Submission submission(Work work, int number) {
        return Submission.of(work.label()).input(Map.of(NUMBER, number));
    }

    @Override
    public void close() {
        engine.close();
    }
}
