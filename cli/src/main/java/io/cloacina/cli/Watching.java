package io.cloacina.cli;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Progress;
import io.cloacina.cli.view.Reasons;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Runner;
import io.cloacina.engine.model.TaskExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Waits for the end of an execution that other processes run, and shows its progress meanwhile. */
final class Watching {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final int MOST_FAILURES = 5;
    private static final Duration LONG = Duration.ofDays(36_500);

    private final Engine engine;
    private final Output output;

    Watching(Engine engine, Output output) {
        this.engine = engine;
        this.output = output;
    }

    /**
     * Waits silently.
     *
     * @param atMost null for as long as it takes
     */
    Execution await(UUID id, @Nullable Duration atMost) {
        warnIfAlone(id);
        return engine.await(id, atMost == null ? LONG : atMost)
                .or(() -> engine.find(id))
                .orElseThrow();
    }

    /** Waits, and shows the tasks. */
    Execution watch(UUID id, @Nullable Duration atMost) {
        warnIfAlone(id);
        // Not by wall-clock time, which may be set meanwhile.
        long until = System.nanoTime() + (atMost == null || atMost.compareTo(LONG) > 0 ? LONG : atMost).toNanos();
        Progress progress = new Progress(output.screen(), output.times(), List.of());
        Optional<Execution> done;
        do {
            progress.show(engine.tasks(id));
            done = engine.await(id, BETWEEN_LOOKS);
        } while (done.isEmpty() && System.nanoTime() - until < 0);
        progress.show(engine.tasks(id));
        progress.end();
        return done.or(() -> engine.find(id)).orElseThrow();
    }

    /** Prints how it ended; returns the exit code. */
    int conclude(Execution execution) {
        String label = execution.status().label();
        Instant started = execution.startedAt();
        Instant completed = execution.completedAt();
        String took = started == null || completed == null
                ? ""
                : " in " + Format.duration(Duration.between(started, completed));
        String state = execution.isFinished() ? label.toLowerCase(Locale.ROOT) + took : "not finished: " + label;
        output.line("execution " + execution.id() + " " + output.style().state(label, state));
        if (execution.status() == ExecutionStatus.FAILED) {
            failures(execution);
        }
        return ExitCode.of(execution.status());
    }

    private void failures(Execution execution) {
        List<TaskExecution> failed = engine.tasks(execution.id(), List.of(TaskStatus.FAILED));
        failed.stream()
                .limit(MOST_FAILURES)
                .forEach(task -> line(Format.printable(task.name()) + ": "
                        + Reasons.firstLine(Objects.requireNonNullElse(task.error(), "failed"))));
        if (failed.size() > MOST_FAILURES) {
            line("and " + (failed.size() - MOST_FAILURES) + " more");
        }
        String error = execution.error();
        if (failed.isEmpty() && error != null) {
            line(Reasons.firstLine(error));
        }
    }

    private void line(String text) {
        output.line(Format.cutBehind("  " + text, output.screen().width()));
    }

    /** Otherwise the user might wait forever without knowing why. */
    void warnIfAlone(UUID id) {
        Execution execution = engine.find(id).orElseThrow();
        String wanted = execution.workflow() + "@" + execution.version();
        List<Runner> alive = engine.runners().stream().filter(Runner::isAlive).toList();
        if (!execution.isFinished()
                && alive.stream().noneMatch(runner -> runner.workflows().contains(wanted))) {
            String its = "workflow '" + Format.printable(execution.workflow()) + "' in version "
                    + Format.printable(execution.version());
            output.remark(
                    alive.isEmpty()
                            ? "no runner is alive; the execution is stored and waits until one starts that has " + its
                            : "no runner has " + its
                                    + " now; the execution is stored and waits until a runner that has it starts");
        }
    }
}
