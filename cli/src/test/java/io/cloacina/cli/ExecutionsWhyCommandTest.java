package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.TaskStatus;
import io.cloacina.cli.view.Times;
import io.cloacina.engine.model.Reason;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExecutionsWhyCommandTest {
    @Test
    void a_sentence_has_the_times_of_the_machines_zone() {
        Instant since = Instant.parse("2026-11-30T04:05:44.123456Z");
        Instant until = Instant.parse("2026-11-30T05:00:00Z");
        Reason reason = new Reason(
                "pack",
                TaskStatus.WAITING,
                Reason.Kind.SIGNAL,
                "waits for signal 'go' since 2026-11-30T04:05:44Z, until 2026-11-30T05:00:00Z",
                since,
                until,
                Map.of());

        assertThat(ExecutionsWhyCommand.line(reason, new Times(Clock.system(ZoneId.of("America/New_York")))))
                .isEqualTo("pack: waits for signal 'go' since 2026-11-29 23:05:44, until 2026-11-30 00:00:00");
    }
}
