package io.cloacina.cli;

import io.cloacina.api.BulkOperationState;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Panel;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.server.json.JsonOf;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Finds a bulk operation, and shows how far it is. */
final class OperationWatch {
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int LEAST_LENGTH = 6;
    private static final int MOST_LOOKED_AT = 10_000;

    private final Engine engine;
    private final Output output;

    OperationWatch(Engine engine, Output output) {
        this.engine = engine;
        this.output = output;
    }

    /** The operation that is meant by its id, or six or more characters of the beginning or end of that. */
    BulkOperation find(String typed) {
        String part = typed.strip().toLowerCase(Locale.ROOT);
        List<BulkOperation> found = part.length() < LEAST_LENGTH
                ? List.of()
                : engine.operations().list(MOST_LOOKED_AT).stream()
                        .filter(each -> each.id().toString().startsWith(part)
                                || each.id().toString().endsWith(part))
                        .toList();
        if (found.size() > 1) {
            throw new CloacinaException(
                    "AMBIGUOUS_ID", "'" + typed + "' may be any of several operations: give more of it");
        }
        if (found.isEmpty()) {
            throw new CloacinaException(
                    ErrorCodes.UNKNOWN_OPERATION,
                    "there is no operation '" + typed + "': give its id, or at least " + LEAST_LENGTH
                            + " characters of the beginning or end, as 'cloacina operations list' shows it");
        }
        return found.get(0);
    }

    /** Prints what it is now, if that is asked for as JSON; the exit code. */
    int now(UUID id) {
        if (output.isJson()) {
            output.json(JsonOf.operation(operation(id)));
        }
        return ExitCode.FINE;
    }

    /** Waits until it has ended, and prints how; the exit code. */
    int toEnd(UUID id) {
        Panel panel = new Panel(output.screen());
        BulkOperation now = operation(id);
        while (!now.isEnded() && !Thread.currentThread().isInterrupted()) {
            if (output.screen().isLive() && !output.isJson()) {
                panel.show(lines(now));
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
            now = operation(id);
        }
        if (output.isJson()) {
            output.json(JsonOf.operation(now));
        } else {
            panel.show(lines(now));
        }
        return now.failed() > 0 || now.state() == BulkOperationState.STOPPED ? ExitCode.FOUND_FAULTS : ExitCode.FINE;
    }

    private BulkOperation operation(UUID id) {
        return engine.operations().find(id).orElseThrow();
    }

    /** All that is known of it. */
    List<String> lines(BulkOperation operation) {
        List<String> lines = new ArrayList<>();
        lines.add(output.style()
                .strong("Operation " + operation.id() + " "
                        + operation.state().label().toLowerCase(Locale.ROOT)));
        add(lines, "action", operation.action().toString());
        add(lines, "which", operation.query());
        add(lines, "by", operation.requestedBy());
        add(lines, "began", output.times().full(operation.createdAt()));
        add(lines, "done", Format.count(operation.done()) + " of " + operation.expected() + " that matched at first");
        add(lines, "skipped", counted(operation.skipped(), operation.firstSkipped()));
        add(lines, "children", counted(operation.children(), "not touched beside their parents"));
        add(lines, "failed", counted(operation.failed(), operation.firstFailed()));
        Instant ended = operation.endedAt();
        add(lines, "took", ended == null ? null : Format.duration(Duration.between(operation.createdAt(), ended)));
        return lines;
    }

    private static @Nullable String counted(int number, @Nullable String first) {
        return number == 0 ? null : Format.count(number) + ": " + Objects.requireNonNullElse(first, "");
    }

    private void add(List<String> lines, String name, @Nullable String value) {
        if (value != null) {
            lines.addAll(Format.wrapped(
                    "  " + name + " ".repeat(10 - name.length()) + Format.printable(value),
                    output.screen().width(),
                    " ".repeat(12)));
        }
    }
}
