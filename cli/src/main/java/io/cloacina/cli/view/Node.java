package io.cloacina.cli.view;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.TaskExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A task of an execution as it is drawn.
 *
 * @param task the task
 * @param elements its runs for the elements of a list, in order
 */
record Node(TaskExecution task, List<TaskExecution> elements) {
    /** How the engine names a run for an element of a list. */
    private static final Pattern ELEMENT = Pattern.compile("(.*)\\[\\d+]", Pattern.DOTALL);

    Node {
        elements = List.copyOf(elements);
    }

    /** The tasks in their order, each with its runs for elements. */
    static List<Node> of(List<TaskExecution> tasks) {
        Map<String, List<TaskExecution>> elements = new LinkedHashMap<>();
        tasks.forEach(task -> elements.put(task.name(), new ArrayList<>()));
        List<TaskExecution> own = new ArrayList<>();
        for (TaskExecution task : tasks) {
            Matcher matcher = ELEMENT.matcher(task.name());
            List<TaskExecution> siblings =
                    matcher.matches() && task.dependencies().isEmpty() ? elements.get(matcher.group(1)) : null;
            (siblings != null ? siblings : own).add(task);
        }
        return own.stream()
                .map(task -> new Node(task, elements.getOrDefault(task.name(), List.of())))
                .toList();
    }

    String name() {
        return Format.printable(task.name());
    }

    /** One character that says its state without a colour. */
    String mark() {
        return switch (task.status()) {
            case NOT_STARTED, READY -> "○";
            case RUNNING -> "▶";
            case WAITING -> "◇";
            case COMPLETED -> "●";
            case FAILED -> "✗";
            case SKIPPED, CANCELLED -> "·";
        };
    }

    /** How long its last attempt took, or has taken; empty before the first. */
    String took(Instant now) {
        return task.startedAt() == null ? "" : Format.duration(duration(now));
    }

    /**
     * How long its last attempt took, or has taken, with its runs for elements: it starts again to collect their
     * results.
     */
    Duration duration(Instant now) {
        Instant started = Stream.concat(Stream.of(task), elements.stream())
                .map(TaskExecution::startedAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(now);
        Instant completed = task.completedAt();
        return Duration.between(started, completed != null ? completed : now);
    }

    static Duration duration(TaskExecution task, Instant now) {
        Instant started = task.startedAt();
        Instant completed = task.completedAt();
        return started == null ? Duration.ZERO : Duration.between(started, completed != null ? completed : now);
    }

    /** A note: attempts, what it waits for, why it ended so; may be empty. */
    String note(Times times) {
        List<String> parts = new ArrayList<>();
        if (!elements.isEmpty()) {
            parts.add(elementsNote());
        }
        if (task.attempt() > 1) {
            parts.add("attempt " + task.attempt());
        }
        Instant due = task.dueAt();
        switch (task.status()) {
            case WAITING -> parts.add(waiting(times));
            case READY -> {
                if (due != null) {
                    parts.add((task.attempt() > 0 ? "again at " : "at ") + times.of(due));
                }
            }
            case NOT_STARTED, RUNNING, COMPLETED, FAILED, SKIPPED, CANCELLED -> {}
        }
        String error = task.error();
        if (error != null && task.status() != TaskStatus.COMPLETED) {
            parts.add(Reasons.firstLine(error));
        }
        return String.join(", ", parts);
    }

    private String elementsNote() {
        long done = elements.stream()
                .filter(element -> element.status() == TaskStatus.COMPLETED)
                .count();
        long failed = elements.stream()
                .filter(element -> element.status() == TaskStatus.FAILED)
                .count();
        return done + " of " + Format.count(elements.size(), "element") + " done"
                + (failed > 0 ? ", " + failed + " failed" : "");
    }

    private String waiting(Times times) {
        Instant due = task.dueAt();
        String until = due == null ? "" : " until " + times.of(due);
        if (task.waitsFor() == null) {
            return "waits" + until;
        }
        String signal = task.signal();
        return switch (task.waitsFor()) {
            case TIME -> "waits" + until;
            case SIGNAL -> "waits for signal '" + Format.printable(signal == null ? "" : signal) + "'" + until;
            case CHILDREN -> elements.isEmpty() ? "waits for its child" : "waits for its elements";
        };
    }
}
