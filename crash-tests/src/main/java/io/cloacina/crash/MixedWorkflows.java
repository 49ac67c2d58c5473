package io.cloacina.crash;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The workflows that run while processes are killed: each feature of the engine is in one of them. */
final class MixedWorkflows {
    static final String ORDER = "order";
    static final String CHAIN = "chain";

    /** Bodies fail by themselves at random, so a task has more attempts than will be needed as a rule. */
    static final RetryPolicy SOME = RetryPolicy.fixed(3, Duration.ofMillis(20));

    private static final int PARTS = 12;

    private MixedWorkflows() {}

    /** What a body does. */
    enum Work {
        /** Writes who did it. */
        PLAIN,
        /** Fails in half of all attempts. */
        FLAKY,
        /** Takes too long in half of all attempts. */
        SLOW,
        /** Writes to a table of the application in the transaction of its commit, and fails then in some attempts. */
        EFFECT,
        /** The same, but in half of all attempts its transaction is lost, however often it is retried. */
        LOSING_EFFECT,
        /** Writes until when a later task sleeps. */
        SCHEDULE,
        /** Looks whether it is what was sent that it got. */
        SIGNALLED,
        /** Writes a list. */
        LIST,
        /** Runs for an element of a list, puts it out, and fails in some attempts. */
        ELEMENT,
        /** Puts out the input of a child. */
        DELEGATE,
        /** Runs for some time, so that a limit has something to bound. */
        LASTING
    }

    /** Runs bodies. */
    interface Bodies {
        void run(TaskContext context, Work work) throws Exception;
    }

    static List<WorkflowDefinition> of(Bodies bodies) {
        List<WorkflowDefinition> all = new ArrayList<>(WaitingWorkflows.of(bodies));
        all.addAll(List.of(
                named("single").task("only", c -> bodies.run(c, Work.PLAIN)).build(),
                named(CHAIN)
                        .task("first", c -> bodies.run(c, Work.PLAIN))
                        .task("second", c -> bodies.run(c, Work.PLAIN), t -> t.after("first"))
                        .task("third", c -> bodies.run(c, Work.PLAIN), t -> t.after("second"))
                        .build(),
                fan(bodies),
                wide(bodies),
                flaky(bodies),
                named("slow")
                        .task(
                                "slow",
                                c -> bodies.run(c, Work.SLOW),
                                t -> t.timeout(Duration.ofMillis(60)).retry(RetryPolicy.fixed(4, Duration.ZERO)))
                        .task("next", c -> bodies.run(c, Work.PLAIN), t -> t.after("slow"))
                        .build(),
                effects(bodies),
                named("losing")
                        .task(
                                "lose",
                                c -> bodies.run(c, Work.LOSING_EFFECT),
                                t -> t.transactional().retry(SOME))
                        .task("next", c -> bodies.run(c, Work.PLAIN), t -> t.after("lose"))
                        .build(),
                named(ORDER)
                        .task("accept", c -> bodies.run(c, Work.PLAIN))
                        .task(
                                "book",
                                c -> bodies.run(c, Work.EFFECT),
                                t -> t.after("accept").transactional().retry(SOME))
                        .build()));
        return all;
    }

    private static WorkflowDefinition fan(Bodies bodies) {
        return named("fan")
                .task("start", c -> bodies.run(c, Work.PLAIN))
                .task("left", c -> bodies.run(c, Work.PLAIN), t -> t.after("start"))
                .task(
                        "middle",
                        c -> bodies.run(c, Work.PLAIN),
                        t -> t.after("start").priority(1))
                .task("right", c -> bodies.run(c, Work.PLAIN), t -> t.after("start"))
                .task("end", c -> bodies.run(c, Work.PLAIN), t -> t.after("left", "middle", "right"))
                .build();
    }

    private static WorkflowDefinition wide(Bodies bodies) {
        WorkflowDefinition.Builder wide = named("wide").task("start", c -> bodies.run(c, Work.PLAIN));
        List<String> parts =
                IntStream.range(0, PARTS).mapToObj(part -> "part-" + part).toList();
        for (String part : parts) {
            wide.task(part, c -> bodies.run(c, Work.PLAIN), t -> t.after("start"));
        }
        return wide.task("end", c -> bodies.run(c, Work.PLAIN), t -> t.after(parts))
                .build();
    }

    private static WorkflowDefinition flaky(Bodies bodies) {
        return named("flaky")
                .task("start", c -> bodies.run(c, Work.PLAIN))
                .task(
                        "flaky",
                        c -> bodies.run(c, Work.FLAKY),
                        t -> t.after("start").retry(SOME))
                .task("next", c -> bodies.run(c, Work.PLAIN), t -> t.after("flaky"))
                .task(
                        "compensate",
                        c -> bodies.run(c, Work.PLAIN),
                        t -> t.after("flaky").when(TriggerRule.all(TriggerCondition.taskFailed("flaky"))))
                .task(
                        "report",
                        c -> bodies.run(c, Work.PLAIN),
                        t -> t.after("next", "compensate").when(TriggerRule.always()))
                .build();
    }

    private static WorkflowDefinition effects(Bodies bodies) {
        return named("effects")
                .task("start", c -> bodies.run(c, Work.PLAIN))
                .task(
                        "debit",
                        c -> bodies.run(c, Work.EFFECT),
                        t -> t.after("start").transactional().retry(SOME))
                .task(
                        "credit",
                        c -> bodies.run(c, Work.EFFECT),
                        t -> t.after("start").transactional().retry(SOME))
                .task("end", c -> bodies.run(c, Work.PLAIN), t -> t.after("debit", "credit"))
                .build();
    }

    static WorkflowDefinition.Builder named(String name) {
        return WorkflowDefinition.named(name).version("1");
    }
}
