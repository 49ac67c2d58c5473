package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.TaskExecution;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private static TaskExecution task(String name, TaskStatus status, int attempt) {
        boolean hasBegun = attempt > 0;
        boolean isFinished = status != TaskStatus.RUNNING && status != TaskStatus.READY;
        @Nullable Instant completedAt = isFinished ? START.plusMillis(250) : null;
        return new TaskExecution(
                new UUID(0, 0),
                name,
                status,
                attempt,
                0,
                hasBegun ? START : null,
                hasBegun ? START : null,
                completedAt,
                null,
                null,
                null,
                List.of(),
                null);
    }

    private Progress progress(boolean isTerminal, Map<String, String> environment, TaskExecution... before) {
        Screen screen = Screen.of(new PrintWriter(written, true, StandardCharsets.UTF_8), isTerminal, environment);
        Clock clock = Clock.fixed(START.plusMillis(1500), ZoneOffset.UTC);
        return new Progress(screen, new Times(clock), List.of(before));
    }

    private String written() {
        String text = written.toString(StandardCharsets.UTF_8);
        written.reset();
        return text.replace(System.lineSeparator(), "\n");
    }

    @Test
    void in_a_pipe_every_task_has_a_line_when_it_starts_and_when_it_ends() {
        Progress progress = progress(false, Map.of());

        progress.show(List.of(task("scan", TaskStatus.RUNNING, 1), task("report", TaskStatus.READY, 0)));
        assertThat(written()).isEqualTo("  scan         started\n");

        progress.show(List.of(task("scan", TaskStatus.COMPLETED, 1), task("report", TaskStatus.FAILED, 2)));
        assertThat(written()).isEqualTo("""
                          scan         done in 0.25 s
                          report       failed in 0.25 s    attempt 2
                        """);

        progress.show(List.of(task("scan", TaskStatus.COMPLETED, 1), task("report", TaskStatus.FAILED, 2)));
        progress.end();
        assertThat(written()).isEmpty();
    }

    @Test
    void what_was_finished_before_is_no_news() {
        TaskExecution scan = task("scan", TaskStatus.COMPLETED, 1);

        progress(false, Map.of(), scan).show(List.of(scan));

        assertThat(written()).isEmpty();
    }

    @Test
    void on_a_terminal_running_tasks_are_written_over() {
        Progress progress = progress(true, Map.of("TERM", "xterm", "NO_COLOR", "1"));

        progress.show(List.of(task("scan", TaskStatus.RUNNING, 1)));
        assertThat(written()).isEqualTo("""
                        \r\u001b[J  scan         1.50 s
                          [                              ] 0 of 1 tasks
                        """);

        progress.show(List.of(task("scan", TaskStatus.COMPLETED, 1)));
        assertThat(written()).isEqualTo("""
                        \u001b[2A\r\u001b[J  scan         done in 0.25 s
                          [==============================] 1 of 1 tasks
                        """);

        progress.end();
        assertThat(written()).isEqualTo("\u001b[1A\r\u001b[J");
    }

    @Test
    void colours_need_a_terminal_that_can_and_nobody_who_refuses_them() {
        PrintWriter out = new PrintWriter(written, true, StandardCharsets.UTF_8);

        assertThat(Screen.of(out, true, Map.of("TERM", "xterm")).style().hasColours())
                .isTrue();
        assertThat(Screen.of(out, true, Map.of("NO_COLOR", "")).style().hasColours())
                .isTrue();
        assertThat(Screen.of(out, true, Map.of("NO_COLOR", "1")).style().hasColours())
                .isFalse();
        assertThat(Screen.of(out, true, Map.of("TERM", "dumb")).isLive()).isFalse();
        assertThat(Screen.of(out, false, Map.of("TERM", "xterm")).isLive()).isFalse();
    }
}
