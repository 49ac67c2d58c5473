package io.cloacina.crash;

import static io.cloacina.crash.MixedWorkflows.SOME;
import static io.cloacina.crash.MixedWorkflows.named;

import io.cloacina.api.Limit;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.crash.MixedWorkflows.Bodies;
import io.cloacina.crash.MixedWorkflows.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Workflows that wait without a thread: for a time, a signal, a child, the runs for elements, or a limit. */
final class WaitingWorkflows {
    static final String SIGNALLED = "signalled";

    /** Is always sent, sooner or later. */
    static final String GO = "go";

    /** Are sent to some executions. */
    static final List<String> OPTIONAL = List.of("perhaps", "maybe");

    static final String LIMITED = "limited";
    static final String CUSTOMER = "customer";
    static final int CUSTOMERS = 4;
    static final String BOUNDED = "bounded";

    /** Workflows that are submitted; the one left out is a child of others. */
    static final List<String> NAMES =
            List.of("sleeper", SIGNALLED, "parent", "brood", "spread", "collecting", LIMITED, BOUNDED);

    private static final String ERRAND = "errand";
    private static final String LIST = "list";

    private WaitingWorkflows() {}

    static List<WorkflowDefinition> of(Bodies bodies) {
        return List.of(
                named("sleeper")
                        .task("start", c -> bodies.run(c, Work.SCHEDULE))
                        .task(
                                "nap",
                                c -> bodies.run(c, Work.FLAKY),
                                t -> t.after("start")
                                        .sleep(Duration.ofMillis(120))
                                        .retry(SOME))
                        .task(
                                "until",
                                c -> bodies.run(c, Work.PLAIN),
                                t -> t.after("start").sleepUntil(c -> Instant.parse(c.get("until", String.class))))
                        .task(
                                "end",
                                c -> bodies.run(c, Work.PLAIN),
                                t -> t.after("nap", "until").when(TriggerRule.always()))
                        .build(),
                signalled(bodies),
                parent(bodies),
                named("brood")
                        .task("start", c -> bodies.run(c, Work.LIST))
                        .task(
                                "each",
                                c -> bodies.run(c, Work.DELEGATE),
                                t -> t.after("start")
                                        .forEach(LIST)
                                        .atOnce(2)
                                        .collect()
                                        .child(ERRAND)
                                        .retry(SOME))
                        .task("end", c -> bodies.run(c, Work.PLAIN), t -> t.after("each"))
                        .build(),
                named(ERRAND)
                        .task("do", c -> bodies.run(c, Work.FLAKY))
                        .task(
                                "rest",
                                c -> bodies.run(c, Work.PLAIN),
                                t -> t.after("do").sleep(Duration.ofMillis(30)))
                        .build(),
                named("spread")
                        .task("start", c -> bodies.run(c, Work.LIST))
                        .task(
                                "each",
                                c -> bodies.run(c, Work.ELEMENT),
                                t -> t.after("start").forEach(LIST).atOnce(3).retry(SOME))
                        .task("end", c -> bodies.run(c, Work.PLAIN), t -> t.after("each"))
                        .build(),
                named("collecting")
                        .task("start", c -> bodies.run(c, Work.LIST))
                        .task(
                                "each",
                                c -> bodies.run(c, Work.ELEMENT),
                                t -> t.after("start").forEach(LIST).collect())
                        .task("end", c -> bodies.run(c, Work.PLAIN), t -> t.after("each"))
                        .build(),
                limited(bodies),
                named(BOUNDED)
                        .limit(Limit.atMost(3))
                        .task("first", c -> bodies.run(c, Work.LASTING))
                        .task("second", c -> bodies.run(c, Work.LASTING), t -> t.after("first"))
                        .task("third", c -> bodies.run(c, Work.PLAIN), t -> t.after("second"))
                        .build());
    }

    private static WorkflowDefinition signalled(Bodies bodies) {
        return named(SIGNALLED)
                .task("start", c -> bodies.run(c, Work.PLAIN))
                .task(
                        "asked",
                        c -> bodies.run(c, Work.SIGNALLED),
                        t -> t.after("start").signal(GO).retry(SOME))
                .task(
                        "timely",
                        c -> bodies.run(c, Work.SIGNALLED),
                        t -> t.after("start")
                                .signal("perhaps")
                                .within(Duration.ofMillis(300))
                                .retry(SOME))
                .task(
                        "lenient",
                        c -> bodies.run(c, Work.SIGNALLED),
                        t -> t.after("start")
                                .signal("maybe")
                                .withinOrWithout(Duration.ofMillis(200))
                                .retry(SOME))
                .task(
                        "end",
                        c -> bodies.run(c, Work.PLAIN),
                        t -> t.after("asked", "timely", "lenient").when(TriggerRule.always()))
                .build();
    }

    private static WorkflowDefinition parent(Bodies bodies) {
        return named("parent")
                .task("start", c -> bodies.run(c, Work.PLAIN))
                .task(
                        "delegate",
                        c -> bodies.run(c, Work.DELEGATE),
                        t -> t.after("start").child(ERRAND).retry(SOME))
                .task(
                        "take",
                        c -> bodies.run(c, Work.DELEGATE),
                        t -> t.after("start").child(ERRAND).take("rest").retry(SOME))
                .task("end", c -> bodies.run(c, Work.PLAIN), t -> t.after("delegate", "take"))
                .build();
    }

    private static WorkflowDefinition limited(Bodies bodies) {
        return named(LIMITED)
                .task("begin", c -> bodies.run(c, Work.PLAIN))
                .task(
                        "work",
                        c -> bodies.run(c, Work.LASTING),
                        t -> t.after("begin")
                                .limit(Limit.atMost(2).per(CUSTOMER))
                                .retry(SOME))
                .task(
                        "call",
                        c -> bodies.run(c, Work.FLAKY),
                        t -> t.after("begin")
                                .limit(Limit.starts(3, Duration.ofSeconds(1)).per(CUSTOMER))
                                .retry(SOME))
                .task("end", c -> bodies.run(c, Work.PLAIN), t -> t.after("work", "call"))
                .build();
    }
}
