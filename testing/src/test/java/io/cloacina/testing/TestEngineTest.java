package io.cloacina.testing;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Submission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

class TestEngineTest {
    private static final WorkflowDefinition GREETING = WorkflowDefinition.named("greeting")
            .task(
                    "greet",
                    context -> context.put(
                            "text",
                            "hello " + context.find("name", String.class).orElse("nobody")))
            .build();

    private static final WorkflowDefinition STUBBORN = WorkflowDefinition.named("stubborn")
            .task(
                    "try",
                    context -> {
                        if (context.attempt() == 1) {
                            throw new IllegalStateException("not at once");
                        }
                    },
                    task -> task.retry(RetryPolicy.fixed(2, Duration.ofMinutes(1))))
            .build();

    @DatabaseTest
    void running_a_workflow_gives_its_end(TestDatabase database) {
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(GREETING).start()) {
            var done = engine.run("greeting", Map.of("name", "Ada"));

            assertThat(done).isCompleted();
            assertThat(engine.engine().context(done.id()).get("text", String.class))
                    .isEqualTo("hello Ada");
            assertThat(engine.run("greeting")).isCompleted();
            assertThat(engine.task(done.id(), "greet")).completed().onAttempt(1);
        }
    }

    @DatabaseTest
    void nothing_happens_before_a_tick(TestDatabase database) {
        List<String> ran = new ArrayList<>();
        WorkflowDefinition noting = WorkflowDefinition.named("noting")
                .task("note", context -> ran.add(Thread.currentThread().getName()))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(noting).start()) {
            UUID id = engine.submit("noting");

            assertThat(ran).isEmpty();
            assertThat(engine, id).isPending().hasTask("note").ready();

            engine.tick();
            assertThat(ran).containsExactly(Thread.currentThread().getName());
            assertThat(engine, id).isCompleted();
        }
    }

    @DatabaseTest
    void advancing_the_clock_lets_what_is_due_happen(TestDatabase database) {
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(STUBBORN).start()) {
            UUID id = engine.submit("stubborn");
            engine.tick();

            engine.advance(Duration.ofSeconds(59));
            assertThat(engine, id).isRunning().hasTask("try").ready().onAttempt(1);

            engine.advance(Duration.ofSeconds(1));
            assertThat(engine, id).isCompleted().hasTask("try").completed().onAttempt(2);
        }
    }

    @DatabaseTest
    void running_what_does_not_end_says_what_it_waits_for(TestDatabase database) {
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(STUBBORN).start()) {
            assertThatThrownBy(() -> engine.run("stubborn"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("should have ended with one tick")
                    .hasMessageContaining("is Running")
                    .hasMessageContaining("try: Ready, attempt 1, due at 2026-01-02T03:05:05Z")
                    .hasMessageContaining("IllegalStateException: not at once");
            assertThatThrownBy(() -> engine.run(Submission.of("stubborn").delay(Duration.ofDays(1))))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("starts after 2026-01-03T03:04:05Z");
        }
    }

    @DatabaseTest
    void a_signal_is_sent_and_what_was_written_is_read(TestDatabase database) {
        WorkflowDefinition asking = WorkflowDefinition.named("asking")
                .task("ask", context -> context.output(context.signal(String.class)), task -> task.signal("answer"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(asking).start()) {
            assertThatThrownBy(() -> engine.run("asking"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("does it wait for a signal")
                    .hasMessageContaining("ask: Waiting, attempt 0, waits for signal 'answer'");
            UUID id = engine.submit("asking");
            engine.signal(id, "answer", "yes");
            engine.tick();

            assertThat(engine, id).isCompleted().hasValue("ask", "yes");
            org.assertj.core.api.Assertions.assertThat(engine.context(id).get("ask", String.class))
                    .isEqualTo("yes");
        }
    }

    @DatabaseTest
    void engines_can_share_a_clock_and_be_told_anything_else(TestDatabase database) {
        ManualClock clock = new ManualClock();
        List<Object> events = new ArrayList<>();
        try (TestEngine one = TestEngine.on(database.url())
                        .workflow(STUBBORN)
                        .clock(clock)
                        .start();
                TestEngine two = TestEngine.on(database.url())
                        .workflow(STUBBORN)
                        .clock(clock)
                        .configure(builder -> builder.listener(events::add))
                        .start()) {
            UUID id = one.submit("stubborn");
            one.tick();
            one.clock().advance(Duration.ofMinutes(1));

            two.tick();

            assertThat(two.clock()).isSameAs(clock);
            assertThat(one, id).isCompleted();
            assertThat(events).isNotEmpty();
        }
    }

    @DatabaseTest
    void what_is_not_there_is_said(TestDatabase database) {
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(GREETING).start()) {
            UUID id = engine.run("greeting").id();
            UUID never = UUID.randomUUID();

            assertThatThrownBy(() -> engine.task(id, "gret"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("no task 'gret'")
                    .hasMessageContaining("greet: Completed, attempt 1");
            assertThatThrownBy(() -> engine.execution(never))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(never.toString());
        }
    }
}
