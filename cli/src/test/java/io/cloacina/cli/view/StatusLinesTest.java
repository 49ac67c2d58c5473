package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Status;
import io.cloacina.schema.type.Backend;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusLinesTest {
    private static final Instant AT = Instant.parse("2026-03-01T03:00:00Z");
    private static final Times TIMES = new Times(Clock.fixed(AT, ZoneOffset.UTC));

    private static Status status(List<Problem> problems) {
        return new Status(
                AT,
                List.of(
                        new Status.RunnerState(
                                new UUID(1, 1),
                                "a-host-with-a-name-that-is-rather-long.example.org",
                                4711,
                                8,
                                new Count(8, false),
                                Duration.ofSeconds(3),
                                true,
                                false,
                                List.of("order@1")),
                        new Status.RunnerState(
                                new UUID(1, 2),
                                "b",
                                12,
                                null,
                                new Count(0, false),
                                Duration.ofSeconds(90),
                                false,
                                false,
                                List.of())),
                new Count(10_000, true),
                AT.minusSeconds(400),
                new Status.Waiting(
                        new Count(3, false), new Count(0, false), new Count(1, false), new Count(10_000, true)),
                new Count(2, false),
                new Count(0, false),
                List.of(new Status.FullLimit(
                        "order",
                        "charge",
                        "at once 3 per customer",
                        "\"ada\"",
                        List.of(new UUID(2, 1)),
                        new Count(3, false),
                        new Count(17, false),
                        AT.minusSeconds(400))),
                List.of(),
                List.of(),
                List.of(new Status.Activity("order", new Status.Ended(12, 10, 1), new Status.Ended(1_234, 1_200, 30))),
                false,
                List.of(),
                new Status.DatabaseState(Backend.POSTGRES, 12_345_678, 4_321L, Duration.ofSeconds(2)),
                problems);
    }

    private static List<String> lines(int width, Status status) {
        Screen screen = Screen.of(
                new PrintWriter(new StringWriter()),
                true,
                Map.of("COLUMNS", String.valueOf(width), "TERM", "xterm", "NO_COLOR", "1"));
        return new StatusLines(screen, TIMES).of(status);
    }

    private static Problem full() {
        return new Problem(
                Problem.Code.LIMIT_FULL,
                "the limit 'at once 3 per customer' of task 'charge' of workflow 'order' is full for \"ada\", and a task"
                        + " has waited for 6 minutes",
                "find what uses it: 'cloacina executions why 00000000-0000-0002-0000-000000000001'; cancel that, or"
                        + " raise the limit");
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 60})
    void nothing_is_wider_than_the_terminal(int width) {
        List<String> lines = lines(width, status(List.of(full())));

        assertThat(lines).allMatch(line -> line.length() <= width).hasSizeLessThan(40);
        assertThat(String.join(" ", lines).replaceAll("\\s+", " "))
                .contains("1 problem at 2026-03-01 03:00:00", "LIMIT_FULL", "cancel that, or raise the limit");
    }

    @Test
    void one_screen_tells_all_of_it() {
        assertThat(lines(80, status(List.of())))
                .startsWith("No problems at 2026-03-01 03:00:00")
                .contains(
                        "  ready    10,000+, the oldest for 6 min 40 s",
                        "  waiting  signal 3, child 0, list 1, time 10,000+",
                        "  paused   2",
                        "  late     0",
                        "  12.3 MB, 4,321 dead rows, oldest transaction 2.00 s")
                .anyMatch(line -> line.contains("order/charge") && line.contains("\"ada\""))
                .anyMatch(line -> line.matches("  order +12 +10 +1 +1,234 +1,200 +30"))
                .anyMatch(line -> line.matches("  b +12 +0  silent +90.0 s old"));
        assertThat(lines(60, status(List.of()))).anyMatch(line -> line.matches("  order +1,234 +1,200 +30"));
    }
}
