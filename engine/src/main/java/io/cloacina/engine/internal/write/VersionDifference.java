package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.Arguments;
import io.cloacina.engine.internal.claim.StoredDefinition;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.RuleJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The differences between two versions of a workflow, as sentences. */
public final class VersionDifference {
    /**
     * The settings that decide what a task waits for and how it runs: an unfinished task cannot continue with others.
     */
    private static final List<String> KINDS = List.of("signal", "for_each", "collect", "child", "take");

    private VersionDifference() {}

    /** All differences: of the tasks, their dependencies, rules, settings and limits, and of the input. */
    public static List<String> between(StoredDefinition before, StoredDefinition now) {
        List<String> found = new ArrayList<>();
        inputs(before, now, found);
        if (!before.limits().toString().equals(now.limits().toString())) {
            found.add("its limits were " + before.limits() + " and are " + now.limits());
        }
        for (StoredDefinition.Task task : now.tasks()) {
            StoredDefinition.Task old = before.task(task.name()).orElse(null);
            if (old == null) {
                found.add("task " + named(task) + " was added" + after(task.dependencies()));
                continue;
            }
            why(old.dependencies(), old.rule(), old.configuration(), task).ifPresent(found::add);
            settings(old, task, found);
            task.reads().forEach((key, shape) -> {
                if (old.reads().containsKey(key) && !shape.equals(old.reads().get(key))) {
                    found.add("task " + named(task) + " read " + Arguments.shown(key) + " as "
                            + old.reads().get(key) + " and reads it as " + shape);
                }
            });
            if (task.output() != null && old.output() != null && !task.output().equals(old.output())) {
                found.add("the output of task " + named(task) + " was " + old.output() + " and is " + task.output());
            }
        }
        for (StoredDefinition.Task old : before.tasks()) {
            if (now.task(old.name()).isEmpty()) {
                found.add("task " + named(old) + " was removed");
            }
        }
        return found;
    }

    private static String after(List<String> dependencies) {
        return dependencies.isEmpty() ? "" : " after " + String.join(", ", dependencies);
    }

    private static void inputs(StoredDefinition before, StoredDefinition now, List<String> found) {
        Set<String> keys = new LinkedHashSet<>();
        now.inputs().forEach(input -> keys.add(input.key()));
        before.inputs().forEach(input -> keys.add(input.key()));
        for (String key : keys) {
            String old = said(before, key);
            String present = said(now, key);
            if (!old.equals(present)) {
                found.add("input " + Arguments.shown(key) + " was " + old + " and is " + present);
            }
        }
        if (before.refusesUnknownInput() != now.refusesUnknownInput()) {
            found.add(now.refusesUnknownInput() ? "unknown input is refused now" : "unknown input is accepted now");
        }
        if (before.inFlight() != now.inFlight()) {
            found.add("executions in flight were " + before.inFlight() + " and are " + now.inFlight());
        }
        if (!Objects.equals(before.deadline(), now.deadline())) {
            found.add("the deadline was " + said(before.deadline()) + " and is " + said(now.deadline()));
        }
    }

    private static String said(@Nullable Duration deadline) {
        return deadline == null ? "not set" : Arguments.span(deadline);
    }

    private static String said(StoredDefinition definition, String key) {
        return definition.inputs().stream()
                .filter(input -> input.key().equals(key))
                .findFirst()
                .map(input -> (input.isRequired() ? "required, " : "optional, ") + input.shape())
                .orElse("not declared");
    }

    /** Compares all settings but the number of attempts, and those that decide whether an execution can continue. */
    private static void settings(StoredDefinition.Task old, StoredDefinition.Task now, List<String> found) {
        Set<String> names = new LinkedHashSet<>();
        for (StoredDefinition.Task each : List.of(old, now)) {
            JsonContext.parse(each.configuration(), "task " + named(each))
                    .fieldNames()
                    .forEachRemaining(names::add);
        }
        names.removeAll(KINDS);
        names.remove(RuleJson.MAX_ATTEMPTS);
        for (String name : names) {
            if (!text(old.setting(name)).equals(text(now.setting(name)))) {
                found.add("'" + name + "' of task " + named(now) + " was " + said(old.setting(name)) + " and is "
                        + said(now.setting(name)));
            }
        }
    }

    /**
     * Why an unfinished task cannot continue with another version; empty if it can.
     *
     * @param rule and {@code configuration}: as JSON, as in rows of tasks
     */
    static Optional<String> why(
            List<String> dependencies, String rule, String configuration, StoredDefinition.Task now) {
        String task = "task " + named(now);
        if (!new HashSet<>(dependencies).equals(new HashSet<>(now.dependencies()))) {
            return Optional.of(
                    task + " depended on " + shown(dependencies) + " and depends on " + shown(now.dependencies()));
        }
        JsonNode oldRule = JsonContext.parse(rule, task);
        JsonNode newRule = JsonContext.parse(now.rule(), task);
        if (!oldRule.equals(newRule)) {
            return Optional.of("the rule of " + task + " was " + oldRule + " and is " + newRule);
        }
        JsonNode old = JsonContext.parse(configuration, task);
        for (String kind : KINDS) {
            if (!text(old.get(kind)).equals(text(now.setting(kind)))) {
                return Optional.of("'" + kind + "' of " + task + " was " + said(old.get(kind)) + " and is "
                        + said(now.setting(kind)));
            }
        }
        return old.has("sleep") == now.setting("sleep").isMissingNode()
                ? Optional.of(task + (old.has("sleep") ? " slept and does not sleep" : " did not sleep and sleeps"))
                : Optional.empty();
    }

    private static String text(@Nullable JsonNode node) {
        return node == null || node.isMissingNode() || node.isNull() ? "" : node.toString();
    }

    private static String said(@Nullable JsonNode node) {
        return text(node).isEmpty() ? "not set" : text(node);
    }

    private static String shown(List<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", new TreeSet<>(names));
    }

    private static String named(StoredDefinition.Task task) {
        return Arguments.shown(task.name());
    }
}
