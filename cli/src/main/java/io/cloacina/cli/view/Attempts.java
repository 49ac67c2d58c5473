package io.cloacina.cli.view;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The attempts of an execution, as lines: what became of each, where it ran, and what it threw. */
public final class Attempts {
    private static final String INDENT = "    ";

    private final Style style;
    private final int width;
    private final Times times;
    private final Map<String, String> states = new HashMap<>();

    /**
     * For a screen.
     *
     * @param tasks the tasks of the execution: an attempt that has not ended is in the state of its task
     */
    public Attempts(Screen screen, Times times, List<TaskExecution> tasks) {
        this(screen.style(), screen.width(), times, tasks);
    }

    Attempts(Style style, int width, Times times, List<TaskExecution> tasks) {
        this.style = style;
        this.width = width;
        this.times = times;
        tasks.forEach(task -> states.put(task.name(), task.status().label()));
    }

    /** Two or three lines for each. */
    public List<String> of(List<TaskAttempt> attempts) {
        List<String> lines = new ArrayList<>();
        for (TaskAttempt attempt : attempts) {
            lines.addAll(head(attempt));
            add(lines, where(attempt));
            String error = attempt.error();
            if (error != null) {
                add(lines, Reasons.firstLine(error));
            }
        }
        return lines;
    }

    /** Those that threw, with all of it: stack and causes; a long line is continued in the next one. */
    public List<String> errors(List<TaskAttempt> attempts) {
        List<String> lines = new ArrayList<>();
        for (TaskAttempt attempt : attempts) {
            String error = attempt.error();
            if (error != null) {
                lines.addAll(head(attempt));
                add(lines, where(attempt));
                error.lines().forEach(line -> add(lines, Format.printable(line.replace("\t", INDENT))));
            }
        }
        return lines;
    }

    private List<String> head(TaskAttempt attempt) {
        AttemptOutcome outcome = attempt.outcome();
        Instant now = times.clock().instant();
        Instant ended = attempt.endedAt();
        String took = Format.duration(Duration.between(attempt.startedAt(), ended == null ? now : ended));
        String label =
                outcome == null ? states.getOrDefault(attempt.taskName(), TaskStatus.RUNNING.label()) : outcome.label();
        String text = "  " + Format.printable(attempt.taskName()) + ", attempt " + attempt.attempt() + ": " + label
                + (outcome == null ? " for " : " after ") + took;
        List<String> lines = new ArrayList<>(Format.wrapped(text, width, INDENT));
        lines.replaceAll(line -> styled(line, label));
        return lines;
    }

    /** With the label in the colour of its state; a task may have such a name, but no comma follows a label. */
    private String styled(String line, String label) {
        int at = line.lastIndexOf(label);
        int end = at + label.length();
        boolean isLabel = at >= 0 && (end == line.length() || line.charAt(end) == ' ');
        return isLabel ? line.substring(0, at) + style.state(label, label) + line.substring(end) : line;
    }

    private String where(TaskAttempt attempt) {
        String host = attempt.host();
        return "since " + times.full(attempt.startedAt())
                + (host == null ? "" : ", on " + Format.printable(host) + ", pid " + attempt.pid())
                + (attempt.runner() == null ? "" : ", runner " + attempt.runner());
    }

    private void add(List<String> lines, String text) {
        lines.addAll(Format.wrapped(INDENT + text, width, INDENT + "  "));
    }
}
