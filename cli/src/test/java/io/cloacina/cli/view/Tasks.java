package io.cloacina.cli.view;

import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.model.TaskExecution;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tasks as they might be read, at a time that stands still. */
final class Tasks {
    static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
    static final Times TIMES = new Times(Clock.fixed(START.plusSeconds(2), ZoneOffset.UTC));

    private Tasks() {}

    /** One that ran from then to then, in milliseconds; a negative number is not yet. */
    static TaskExecution ran(String name, TaskStatus status, long from, long to, String... after) {
        return new TaskExecution(
                new UUID(0, 0),
                name,
                status,
                from < 0 ? 0 : 1,
                0,
                at(from),
                at(from),
                at(to),
                null,
                null,
                null,
                List.of(after),
                null);
    }

    static TaskExecution done(String name, String... after) {
        return ran(name, TaskStatus.COMPLETED, 0, 100, after);
    }

    static TaskExecution failed(String name, int attempt, String error, String... after) {
        return new TaskExecution(
                new UUID(0, 0),
                name,
                TaskStatus.FAILED,
                attempt,
                0,
                at(100),
                at(100),
                at(350),
                null,
                null,
                null,
                List.of(after),
                error);
    }

    static TaskExecution waiting(String name, WaitKind kind, @Nullable String signal, String... after) {
        return new TaskExecution(
                new UUID(0, 0),
                name,
                TaskStatus.WAITING,
                1,
                0,
                at(100),
                at(100),
                null,
                at(60_000),
                kind,
                signal,
                List.of(after),
                null);
    }

    private static @Nullable Instant at(long millis) {
        return millis < 0 ? null : START.plusMillis(millis);
    }
}
