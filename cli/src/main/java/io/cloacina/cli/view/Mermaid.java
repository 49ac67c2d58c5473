package io.cloacina.cli.view;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.TaskExecution;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The tasks of an execution as a Mermaid flowchart, for pages that draw these. The format: <a
 * href="https://mermaid.js.org/syntax/flowchart.html">mermaid.js.org</a>.
 */
public final class Mermaid {
    private Mermaid() {}

    /** The chart; {@code now} is the end of what still runs. */
    public static String of(List<TaskExecution> tasks, Instant now) {
        List<Node> nodes = Node.of(tasks);
        Map<String, String> ids = new HashMap<>();
        StringBuilder text = new StringBuilder("flowchart TD\n");
        for (Node node : nodes) {
            String id = "t" + ids.size();
            ids.put(node.task().name(), id);
            String took = node.took(now);
            text.append("    ")
                    .append(id)
                    .append("[\"")
                    .append(escaped(node.name()))
                    .append("<br>");
            text.append(node.task().status().label()).append(took.isEmpty() ? "" : ", " + took);
            if (!node.elements().isEmpty()) {
                text.append("<br>").append(Format.count(node.elements().size(), "element"));
            }
            text.append("\"]:::").append(className(node.task().status())).append('\n');
        }
        for (Node node : nodes) {
            String id = ids.get(node.task().name());
            node.task().dependencies().stream()
                    .filter(ids::containsKey)
                    .forEach(each -> text.append("    ")
                            .append(ids.get(each))
                            .append(" --> ")
                            .append(id)
                            .append('\n'));
        }
        nodes.stream()
                .map(node -> node.task().status())
                .distinct()
                .sorted()
                .forEach(status -> text.append("    classDef ")
                        .append(className(status))
                        .append(" fill:")
                        .append(fill(status))
                        .append(",stroke:#666666,color:#222222\n"));
        return text.toString();
    }

    private static String fill(TaskStatus status) {
        return switch (status) {
            case COMPLETED -> "#d5f0d5";
            case FAILED -> "#f8d0d0";
            case RUNNING -> "#cfe8f5";
            case WAITING -> "#fbeec2";
            case SKIPPED, CANCELLED -> "#eeeeee";
            case NOT_STARTED, READY -> "#ffffff";
        };
    }

    private static String className(TaskStatus status) {
        return status.label().toLowerCase(Locale.ROOT);
    }

    /** Inside quotes Mermaid knows entities, and HTML if it is allowed to. */
    private static String escaped(String name) {
        return name.replace("&", "#amp;")
                .replace("\"", "#quot;")
                .replace("<", "#lt;")
                .replace(">", "#gt;");
    }
}
