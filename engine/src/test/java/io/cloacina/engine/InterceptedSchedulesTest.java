package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/** Schedules of an application whose interceptor is wrong. */
@Timeout(60)
@SuppressWarnings("NullAway") // an application without it returns null
class InterceptedSchedulesTest {
    private final WorkflowDefinition workflow =
            WorkflowDefinition.named("w").task("t", context -> {}).build();
    private final CountDownLatch asked = new CountDownLatch(1);

    /** Answers with a value that is not allowed. */
    private final class Wrong implements EngineInterceptor {
        private final Map<String, String> answer;

        Wrong(Map<String, String> answer) {
            this.answer = answer;
        }

        @Override
        public Map<String, String> onSchedule(String schedule, String name) {
            asked.countDown();
            return answer;
        }
    }

    @DatabaseTest
    void an_answer_that_is_not_allowed_is_reported_with_the_interceptor_and_the_method(TestDatabase test) {
        assertThatThrownBy(() -> fire(test, null))
                .isInstanceOf(CloacinaException.class)
                .hasMessage("what interceptor " + Wrong.class.getName() + " returns from onSchedule must not be null");
        assertThatThrownBy(() -> fire(test, Map.of(" ", "value")))
                .hasMessageStartingWith("what interceptor " + Wrong.class.getName()
                        + " returns from onSchedule: the name of a carried value ");
        Map<String, String> unset = new HashMap<>();
        unset.put("user", null);
        assertThatThrownBy(() -> fire(test, unset))
                .hasMessage("what interceptor " + Wrong.class.getName()
                        + " returns from onSchedule: a carried value must not be null");
    }

    private void fire(TestDatabase test, Map<String, String> answer) {
        try (Engine engine = Engine.builder(test.url())
                .workflow(workflow)
                .interceptor(new Wrong(answer))
                .start()) {
            engine.schedules().put(Schedule.of("s", "w").cron("0 0 1 1 *"));
            engine.schedules().fire("s");
        }
    }

    @DatabaseTest
    void a_schedule_that_an_interceptor_keeps_from_firing_is_late(TestDatabase test) {
        Clock earlier = Clock.offset(Clock.systemUTC(), Duration.ofHours(-2));
        try (Engine before =
                Engine.builder(test.url()).workflow(workflow).clock(earlier).start()) {
            before.schedules().put(Schedule.of("s", "w").cron("0 * * * *"));
        }
        try (Engine engine = Engine.builder(test.url())
                .workflow(workflow)
                .interceptor(new Wrong(null))
                .start()) {
            EngineParts.await(asked);
            assertThat(engine.status().problems()).extracting(Problem::code).contains(Problem.Code.SCHEDULE_LATE);
            assertThat(engine.list(ExecutionQuery.all())).isEmpty();
        }
    }
}
