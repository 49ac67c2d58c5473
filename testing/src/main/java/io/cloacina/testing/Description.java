package io.cloacina.testing;

import io.cloacina.api.Arguments;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An execution and its tasks as a failed assertion shows them. */
final class Description {
    private static final int LINES_OF_ERROR = 4;
    private static final int TASKS_SHOWN = 200;

    private Description() {}

    static String of(Execution execution, List<TaskExecution> tasks) {
        String shown =
                tasks.stream().limit(TASKS_SHOWN).map(task -> "\n  " + of(task)).collect(Collectors.joining());
        int hidden = Math.max(0, tasks.size() - TASKS_SHOWN);
        return of(execution) + shown + (hidden == 0 ? "" : "\n  … and " + hidden + " more tasks");
    }

    static String of(Execution execution) {
        return "execution " + execution.id() + " of " + execution.workflow() + "@" + execution.version() + " is "
                + execution.status().label()
                + (execution.pauseReason() == null ? "" : " (" + execution.pauseReason() + ")")
                + (execution.startAfter() == null ? "" : ", starts after " + execution.startAfter())
                + error(execution.error(), "    ");
    }

    static String of(TaskExecution task) {
        return task.name() + ": " + task.status().label() + ", attempt " + task.attempt()
                + (task.recoveries() == 0 ? "" : ", recovered " + task.recoveries() + " times")
                + (task.status() == TaskStatus.WAITING && task.signal() != null
                        ? ", waits for signal " + Arguments.shown(task.signal())
                        : "")
                + (task.dueAt() == null ? "" : ", due at " + task.dueAt())
                + error(task.error(), "      ");
    }

    /** The first lines: usually what was thrown, and where. */
    private static String error(@Nullable String text, String indent) {
        if (text == null) {
            return "";
        }
        List<String> lines = text.lines().toList();
        String first = lines.stream()
                .limit(LINES_OF_ERROR)
                .map(line -> "\n" + indent + line.replace("\t", "    "))
                .collect(Collectors.joining());
        return lines.size() > LINES_OF_ERROR ? first + "\n" + indent + "…" : first;
    }
}
