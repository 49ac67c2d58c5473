package io.cloacina.engine.internal.claim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.json.Payloads;
import io.cloacina.engine.model.AlertRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The workflows that an engine has: those it was built with, and those of packages, which come and go. By a name at most one
 * is submitted, and others of that name may be there to end what was begun with them. Thread safe: who looks sees what was
 * there at one moment.
 */
public final class Workflows {
    private final Map<String, Workflow> builtIn = new LinkedHashMap<>();
    private final int maxTasks;
    private final Payloads payloads;
    private volatile Known known;

    /** {@code maxTasks}: how many runs for elements one task may have. */
    public Workflows(List<WorkflowDefinition> definitions, int maxTasks, JsonMapping json) {
        this.maxTasks = maxTasks;
        this.payloads = json.payloads();
        definitions.forEach(definition -> builtIn.put(definition.name(), new Workflow(definition, json)));
        this.known = new Known(builtIn.values(), List.of());
    }

    /** How what their executions store is stored. */
    public Payloads payloads() {
        return payloads;
    }

    private static final class Known {
        private final Map<String, Workflow> submitted = new TreeMap<>();
        private final Map<String, Map<String, Workflow>> all = new TreeMap<>();
        private final String versions;
        private final String names;

        Known(Collection<Workflow> serving, Collection<Workflow> ending) {
            ending.forEach(this::add);
            serving.forEach(this::add);
            serving.forEach(workflow -> submitted.put(workflow.name(), workflow));
            this.versions = Workflows.json(all.values().stream()
                    .flatMap(ofName -> ofName.values().stream())
                    .toList());
            this.names = JsonContext.names(submitted.keySet());
        }

        private void add(Workflow workflow) {
            all.computeIfAbsent(workflow.name(), absent -> new TreeMap<>()).put(workflow.version(), workflow);
        }

        @Nullable
        Workflow any(String name) {
            Workflow found = submitted.get(name);
            return found != null || !all.containsKey(name)
                    ? found
                    : all.get(name).values().iterator().next();
        }
    }

    /**
     * Takes the place of what was said of packages before.
     *
     * @param serving workflows that are submitted from now on, each of another name, and of another than those built in
     * @param ending workflows that are there for executions which began with them
     */
    public void setPackaged(Collection<Workflow> serving, Collection<Workflow> ending) {
        List<Workflow> all = new ArrayList<>(builtIn.values());
        all.addAll(serving);
        known = new Known(all, ending);
    }

    /** Those of packages that can be submitted. */
    public List<Workflow> packaged() {
        return known.submitted.values().stream()
                .filter(workflow -> !isBuiltIn(workflow.name()))
                .toList();
    }

    /** Whether the engine was built with a workflow of that name, or no package may have one. */
    public boolean isBuiltIn(String name) {
        return builtIn.containsKey(name) || name.equals(AlertRule.DELIVERY);
    }

    /** A name under which something may be stored. */
    public static String checkedName(String name) {
        return Arguments.name("INVALID_NAME", "the name of a workflow", name);
    }

    public int maxTasks() {
        return maxTasks;
    }

    /** Those that can be submitted, by name. */
    public Collection<Workflow> submitted() {
        return known.submitted.values();
    }

    /** Those that can be submitted, by name. */
    public List<WorkflowDefinition> definitions() {
        return submitted().stream().map(Workflow::definition).toList();
    }

    /** Names and versions, as an array of pairs. */
    public String json() {
        return known.versions;
    }

    /** Names and versions of some, as an array of pairs. */
    public static String json(Collection<Workflow> some) {
        ArrayNode pairs = JsonContext.array();
        some.forEach(workflow -> pairs.addArray().add(workflow.name()).add(workflow.version()));
        return pairs.toString();
    }

    /** Whether an array of pairs has that workflow in that version. */
    public static boolean has(String json, String name, String version) {
        return json.contains(JsonContext.pair(name, version));
    }

    /** Those of an array of pairs, each as {@code name@version}. */
    public static List<String> labels(String json) {
        return JsonContext.pairs(json).stream()
                .map(pair -> pair.getKey() + "@" + pair.getValue())
                .toList();
    }

    /** The versions of a workflow in an array of pairs. */
    public static List<String> versions(String json, String name) {
        return JsonContext.pairs(json).stream()
                .filter(pair -> pair.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The versions of a workflow that this engine has. */
    public Set<String> versions(String name) {
        return known.all.getOrDefault(name, Map.of()).keySet();
    }

    /** The names of those that can be submitted, as an array. */
    public String namesJson() {
        return known.names;
    }

    /** All versions of all workflows that this engine has. */
    public List<Workflow> all() {
        return known.all.values().stream()
                .flatMap(ofName -> ofName.values().stream())
                .toList();
    }

    /** The workflow that a task hands its work to, if this engine has it, which may be there for that alone. */
    public Optional<Workflow> findForChild(String name) {
        return Optional.ofNullable(known.any(name));
    }

    /** The workflow that is submitted by that name, if this engine has it. */
    public Optional<Workflow> find(String name) {
        return Optional.ofNullable(known.submitted.get(name));
    }

    /** The workflow of an execution, if this engine has it in that version. */
    public Optional<Workflow> find(String name, String version) {
        return Optional.ofNullable(known.all.get(name)).map(versions -> versions.get(version));
    }
}
