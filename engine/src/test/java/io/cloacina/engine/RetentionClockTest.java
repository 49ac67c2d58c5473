package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.run.Retention;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

/** What is removed does not come back, nor does the idempotency key that went with it: a clock that leaps is not believed at once. */
@Timeout(60)
class RetentionClockTest {
    private static final Duration KEEP = Duration.ofDays(30);

    private final EngineParts.SetClock clock = new EngineParts.SetClock();
    private Duration elapsed = Duration.ofDays(-7);

    /** Time passes for everyone. */
    private void pass(Duration time) {
        clock.advance(time);
        elapsed = elapsed.plus(time);
    }

    private Retention retention(EngineRuntime runtime) {
        return new Retention(runtime.parts().database(), runtime.lanes(), clock, () -> elapsed, KEEP);
    }

    private static UUID ended(Engine engine) {
        UUID id = engine.submit(Submission.of("w").idempotencyKey("once"));
        engine.await(id);
        return id;
    }

    private EngineRuntime runtime(TestDatabase test) {
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .version("1")
                .task("t", context -> {})
                .build();
        return EngineParts.of(test, EngineParts.by(clock), workflow);
    }

    @DatabaseTest
    void a_clock_that_is_set_on_and_right_again_removes_nothing(TestDatabase test) {
        EngineRuntime runtime = runtime(test);
        try (Engine engine = new Engine(runtime)) {
            Retention retention = retention(runtime);
            UUID id = ended(engine);
            for (Duration leap : new Duration[] {KEEP.multipliedBy(12), Duration.ofDays(-800), KEEP.multipliedBy(2)}) {
                clock.advance(leap);
                assertThat(retention.removeSome()).isFalse();
                pass(Retention.SETTLED_AFTER.dividedBy(2));
                assertThat(retention.removeSome()).isFalse();
                clock.advance(leap.negated());
                retention.removeSome();
                pass(Retention.SETTLED_AFTER);
                retention.removeSome();
            }

            assertThat(engine.find(id)).isPresent();
            assertThat(engine.submit(Submission.of("w").idempotencyKey("once")))
                    .as("once is once")
                    .isEqualTo(id);
        }
    }

    @DatabaseTest
    void a_clock_that_stays_where_it_was_set_is_believed_in_the_end(TestDatabase test) {
        EngineRuntime runtime = runtime(test);
        try (Engine engine = new Engine(runtime)) {
            Retention retention = retention(runtime);
            UUID id = ended(engine);
            clock.advance(KEEP.multipliedBy(2));
            retention.removeSome();
            pass(Retention.SETTLED_AFTER);
            retention.removeSome();

            assertThat(engine.find(id)).isEmpty();
        }
    }

    @DatabaseTest
    void time_that_passes_removes_what_is_old_at_once(TestDatabase test) {
        EngineRuntime runtime = runtime(test);
        try (Engine engine = new Engine(runtime)) {
            Retention retention = retention(runtime);
            UUID id = ended(engine);
            pass(KEEP);
            retention.removeSome();
            assertThat(engine.find(id)).isPresent();
            pass(Duration.ofSeconds(1));
            retention.removeSome();
            assertThat(engine.find(id)).isEmpty();
        }
    }

    @DatabaseTest
    void small_corrections_of_the_clock_do_not_matter(TestDatabase test) {
        EngineRuntime runtime = runtime(test);
        try (Engine engine = new Engine(runtime)) {
            Retention retention = retention(runtime);
            UUID id = ended(engine);
            pass(KEEP);
            clock.advance(Duration.ofMinutes(5));
            retention.removeSome();
            assertThat(engine.find(id)).isEmpty();
        }
    }
}
