package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final String ERROR =
            "java.lang.IllegalStateException: the account is closed\n\tat io.bank.Accounts.of(Accounts.java:7)\n"
                    + "Caused by: java.io.IOException: \u001b[31mgone";

    private static final List<TaskAttempt> TWO = List.of(
            new TaskAttempt(
                    "book",
                    1,
                    AttemptOutcome.FAILED,
                    new UUID(0, 1),
                    "build-3",
                    4711L,
                    Tasks.START,
                    Tasks.START.plusMillis(250),
                    ERROR),
            new TaskAttempt("book", 2, null, new UUID(0, 2), "build-4", 12L, Tasks.START.plusSeconds(1), null, null));

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    @Test
    void an_attempt_is_told_with_its_end_its_process_and_its_reason() {
        assertThat(lines(new Attempts(new Style(false), 80, Tasks.TIMES, List.of()).of(TWO)))
                .isEqualTo("""
                          book, attempt 1: Failed after 0.25 s
                            since 2025-01-01 00:00:00, on build-3, pid 4711, runner
                              00000000-0000-0000-0000-000000000001
                            the account is closed
                          book, attempt 2: Running for 1.00 s
                            since 2025-01-01 00:00:01, on build-4, pid 12, runner
                              00000000-0000-0000-0000-000000000002
                        """);
    }

    @Test
    void errors_are_whole_wrapped_and_command_no_terminal() {
        assertThat(lines(new Attempts(new Style(false), 60, Tasks.TIMES, List.of()).errors(TWO)))
                .isEqualTo("""
                          book, attempt 1: Failed after 0.25 s
                            since 2025-01-01 00:00:00, on build-3, pid 4711, runner
                              00000000-0000-0000-0000-000000000001
                            java.lang.IllegalStateException: the account is closed
                                at io.bank.Accounts.of(Accounts.java:7)
                            Caused by: java.io.IOException: ?[31mgone
                        """);
    }

    @Test
    void an_attempt_that_has_not_ended_is_in_the_state_of_its_task() {
        List<TaskExecution> tasks = List.of(Tasks.waiting("book", WaitKind.SIGNAL, "paid"));

        assertThat(new Attempts(new Style(false), 80, Tasks.TIMES, tasks).of(TWO))
                .contains("  book, attempt 1: Failed after 0.25 s", "  book, attempt 2: Waiting for 1.00 s");
    }
}
