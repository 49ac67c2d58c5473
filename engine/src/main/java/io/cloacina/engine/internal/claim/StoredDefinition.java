package io.cloacina.engine.internal.claim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.InFlight;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskOptions;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.json.RuleJson;
import io.cloacina.engine.internal.json.Shape;
import io.cloacina.engine.internal.json.StoredRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A definition as it is stored: what a process knows of a workflow, with its code or without. Immutable, thread safe.
 *
 * @param deadline how long an execution may take; null if it has no bound
 * @param tasks in topological order
 */
public record StoredDefinition(
        String name,
        String version,
        InFlight inFlight,
        boolean refusesUnknownInput,
        @Nullable Duration deadline,
        List<Input> inputs,
        List<Limit> limits,
        List<Task> tasks) {
    /** A declared value of the input. */
    public record Input(String key, Shape shape, boolean isRequired) {}

    /**
     * A task.
     *
     * @param rule its trigger rule as JSON, as in rows of tasks
     * @param configuration its other settings as JSON, as in rows of tasks
     * @param reads the values that it reads of tasks before it, by key
     * @param output the shape of its output; null if it is not declared
     */
    public record Task(
            String name,
            List<String> dependencies,
            String rule,
            String configuration,
            List<Limit> limits,
            Map<String, Shape> reads,
            @Nullable Shape output) {
        /** Its settings by name, as texts for display, without its limits and its number of attempts. */
        public Map<String, String> settings() {
            Map<String, String> settings = new LinkedHashMap<>();
            JsonContext.parse(configuration, "the configuration of task '" + name + "'")
                    .properties()
                    .forEach(each -> settings.put(each.getKey(), each.getValue().asText()));
            settings.keySet().removeAll(List.of(RuleJson.MAX_ATTEMPTS, RuleJson.LIMITS));
            return settings;
        }

        /** A setting of its configuration. */
        public JsonNode setting(String key) {
            return JsonContext.parse(configuration, "the configuration of task '" + name + "'")
                    .path(key);
        }
    }

    private static final String PINNED = "pinned";
    private static final String DEADLINE = "deadline";

    static StoredDefinition of(WorkflowDefinition definition, JsonMapping json) {
        return new StoredDefinition(
                definition.name(),
                definition.version(),
                definition.inFlight(),
                definition.refusesUnknownInput(),
                definition.deadline().orElse(null),
                definition.inputs().stream()
                        .map(input -> new Input(input.key(), json.shape(input.type()), input.isRequired()))
                        .toList(),
                definition.limits(),
                definition.tasks().stream().map(task -> of(task, json)).toList());
    }

    private static Task of(TaskDefinition task, JsonMapping json) {
        Map<String, Shape> reads = new LinkedHashMap<>();
        task.reads().forEach((key, type) -> reads.put(key, json.shape(type)));
        return new Task(
                task.name(),
                task.dependencies(),
                RuleJson.of(task.rule()),
                RuleJson.configuration(task),
                task.limits(),
                reads,
                task.output().map(json::shape).orElse(null));
    }

    /** Parses a stored definition. Additions by a newer version of the library are ignored. */
    public static StoredDefinition parse(String name, String version, String json) {
        ObjectNode root = JsonContext.parse(json, "the definition of workflow " + name + "@" + version);
        List<Input> inputs = new ArrayList<>();
        root.path("inputs")
                .forEach(input -> inputs.add(new Input(
                        input.path("key").asText(),
                        Shape.of(input.path("type")),
                        input.path("required").asBoolean())));
        List<Task> tasks = new ArrayList<>();
        root.path("tasks").forEach(task -> tasks.add(task(task)));
        return new StoredDefinition(
                name,
                version,
                root.path("in_flight").asText().equals(PINNED) ? InFlight.PINNED : InFlight.CONTINUE,
                root.path("refuses_unknown_input").asBoolean(),
                root.has(DEADLINE) ? Duration.parse(root.path(DEADLINE).asText()) : null,
                List.copyOf(inputs),
                limits(root.path("limits")),
                List.copyOf(tasks));
    }

    private static Task task(JsonNode task) {
        List<String> dependencies = new ArrayList<>();
        task.path("after").forEach(name -> dependencies.add(name.asText()));
        Map<String, Shape> reads = new LinkedHashMap<>();
        task.path("reads").properties().forEach(read -> reads.put(read.getKey(), Shape.of(read.getValue())));
        return new Task(
                task.path("name").asText(),
                List.copyOf(dependencies),
                task.path("rule").toString(),
                task.path("settings").toString(),
                limits(task.path("limits")),
                reads,
                task.has("returns") ? Shape.of(task.path("returns")) : null);
    }

    private static List<Limit> limits(JsonNode array) {
        List<Limit> limits = new ArrayList<>();
        for (JsonNode each : array) {
            int most = each.path("most").asInt(1);
            Limit limit = each.has("every")
                    ? Limit.starts(most, Duration.parse(each.path("every").asText()))
                    : Limit.atMost(most);
            limits.add(each.has("per") ? limit.per(each.path("per").asText()) : limit);
        }
        return List.copyOf(limits);
    }

    /** The definition as text to store: equal for equal definitions. */
    public String json() {
        ObjectNode root = JsonContext.empty();
        if (inFlight == InFlight.PINNED) {
            root.put("in_flight", PINNED);
        }
        if (refusesUnknownInput) {
            root.put("refuses_unknown_input", true);
        }
        if (deadline != null) {
            root.put(DEADLINE, deadline.toString());
        }
        if (!inputs.isEmpty()) {
            ArrayNode array = root.putArray("inputs");
            for (Input input : inputs) {
                ObjectNode each = array.addObject().put("key", input.key());
                each.set("type", input.shape().json());
                each.put("required", input.isRequired());
            }
        }
        put(root, limits);
        ArrayNode array = root.putArray("tasks");
        tasks.forEach(task -> put(array.addObject(), task));
        return JsonContext.text(root, "the definition of workflow " + this);
    }

    private static void put(ObjectNode json, Task task) {
        json.put("name", task.name());
        if (!task.dependencies().isEmpty()) {
            ArrayNode after = json.putArray("after");
            task.dependencies().forEach(after::add);
        }
        String where = "task '" + task.name() + "'";
        json.set("rule", JsonContext.parse(task.rule(), where));
        json.set("settings", JsonContext.parse(task.configuration(), where));
        put(json, task.limits());
        if (!task.reads().isEmpty()) {
            ObjectNode reads = json.putObject("reads");
            task.reads().forEach((key, shape) -> reads.set(key, shape.json()));
        }
        if (task.output() != null) {
            json.set("returns", task.output().json());
        }
    }

    private static void put(ObjectNode json, List<Limit> limits) {
        if (limits.isEmpty()) {
            return;
        }
        ArrayNode array = json.putArray("limits");
        for (Limit limit : limits) {
            ObjectNode each = array.addObject().put("most", limit.most());
            limit.every().ifPresent(every -> each.put("every", every.toString()));
            limit.key().ifPresent(key -> each.put("per", key));
        }
    }

    /** A definition that is enough for a submission or a change of the version, but whose tasks cannot run. */
    WorkflowDefinition withoutCode() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named(name).version(version);
        limits.forEach(builder::limit);
        for (Task task : tasks) {
            builder.task(
                    task.name(),
                    context -> {
                        throw new IllegalStateException("this process does not have the code of " + this);
                    },
                    options -> set(options, task));
        }
        return builder.build();
    }

    private static void set(TaskOptions options, Task task) {
        options.after(task.dependencies())
                .priority(task.setting("priority").asInt(0))
                .retry(RetryPolicy.fixed(RuleJson.maxAttempts(task.configuration()), Duration.ZERO));
        if (task.setting(RuleJson.FOR_EACH).isTextual()) {
            options.forEach(task.setting(RuleJson.FOR_EACH).asText());
        }
        task.limits().forEach(options::limit);
        StoredRule.parse(task.rule()).ifPresent(options::when);
    }

    /** The task of that name. */
    public Optional<Task> task(String taskName) {
        return tasks.stream().filter(task -> task.name().equals(taskName)).findFirst();
    }

    /** {@code name@version}. */
    @Override
    public String toString() {
        return name + "@" + version;
    }
}
