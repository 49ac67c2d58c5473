package io.cloacina.examples;

import static io.cloacina.testing.CloacinaAssertions.assertThat;

import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The tests of the tutorial on testing. */
class SensorsTest {
    @Test
    void a_sensor_that_is_there_is_read() {
        Sensors.Measuring measuring = new Sensors.Measuring();
        measuring.mount("attic");
        try (TestEngine engine =
                TestEngine.on("sqlite::memory:").workflow(measuring).start()) {
            UUID id = engine.submit("measure", Map.of("sensor", "attic"));
            engine.tick();
            assertThat(engine, id).hasTask("read").ready().onAttempt(1).because("the line is bad");

            engine.advance(Duration.ofSeconds(1));
            engine.advance(Duration.ofSeconds(1));
            assertThat(engine, id)
                    .isCompleted()
                    .hasValue("report", "attic: 21.5 degrees")
                    .hasTask("read")
                    .completed()
                    .onAttempt(3);
        }
    }

    @DatabaseTest
    void one_that_is_not_there_fails_at_once(TestDatabase database) {
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(new Sensors.Measuring()).start()) {
            UUID id = engine.run("measure", Map.of("sensor", "cellar")).id();
            assertThat(engine, id)
                    .isFailed()
                    .hasTask("read")
                    .failed()
                    .onAttempt(1)
                    .because("there is no sensor cellar")
                    .and()
                    .skipped("report");
        }
    }

    @DatabaseTest
    void the_report_is_written_at_two_in_berlin(TestDatabase database) {
        ManualClock clock = new ManualClock(Instant.parse("2026-07-01T20:00:00Z"));
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(new Nightly.Report())
                .clock(clock)
                .start()) {
            engine.advance(Duration.ofHours(4)); // it is two at 00:00 UTC
            UUID id = engine.engine()
                    .schedules()
                    .history("nightly-report", 1)
                    .get(0)
                    .executionId();
            assertThat(engine, id).isCompleted();
        }
    }
}
