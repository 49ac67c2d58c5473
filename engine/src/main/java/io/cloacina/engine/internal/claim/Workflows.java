package io.cloacina.engine.internal.claim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
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
 * The workflows that an engine has: those it was built with, and those of packages, which change while it runs. Of each
 * name at most one version serves submissions; others may remain to finish the executions that began with them. Thread
 * safe: a reader sees one consistent state.
 */
public final class Workflows {
    private final Map<String, Workflow> builtIn = new LinkedHashMap<>();
    private final int maxTasks;
    private final Payloads payloads;
    private volatile Known known;

    /** @param maxTasks how many runs for elements one task may have */
    public Workflows(List<WorkflowDefinition> definitions, int maxTasks, JsonMapping json) {
        this.maxTasks = maxTasks;
        this.payloads = json.payloads();
        definitions.forEach(definition -> builtIn.put(definition.name(), new Workflow(definition, json)));
        this.known = new Known(builtIn.values(), List.of());
    }

    /** Encodes what their executions store. */
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
     * Replaces the workflows of packages.
     *
     * @param serving the workflows that are submitted from now on; all names are different, also from those built in
     * @param ending the workflows that remain for executions which began with them
     */
    public void setPackaged(Collection<Workflow> serving, Collection<Workflow> ending) {
        List<Workflow> all = new ArrayList<>(builtIn.values());
        all.addAll(serving);
        known = new Known(all, ending);
    }

    /** The workflows of packages that can be submitted. */
    public List<Workflow> packaged() {
        return known.submitted.values().stream()
                .filter(workflow -> !isBuiltIn(workflow.name()))
                .toList();
    }

    /**
     * Whether a package may not have a workflow of that name: the engine was built with one, or the name is reserved.
     */
    public boolean isBuiltIn(String name) {
        return builtIn.containsKey(name) || name.equals(AlertRule.DELIVERY);
    }

    /** Refuses a text that cannot be the name of a workflow. */
    public static String checkedName(String name) {
        return Arguments.name(ErrorCodes.INVALID_NAME, "the name of a workflow", name);
    }

    public int maxTasks() {
        return maxTasks;
    }

    /** The workflows that can be submitted, by name. */
    public Collection<Workflow> submitted() {
        return known.submitted.values();
    }

    /** The definitions of the workflows that can be submitted, by name. */
    public List<WorkflowDefinition> definitions() {
        return submitted().stream().map(Workflow::definition).toList();
    }

    /** The names and versions of all workflows, as a JSON array of pairs. */
    public String json() {
        return known.versions;
    }

    /** The names and versions of some workflows, as a JSON array of pairs. */
    public static String json(Collection<Workflow> some) {
        ArrayNode pairs = JsonContext.array();
        some.forEach(workflow -> pairs.addArray().add(workflow.name()).add(workflow.version()));
        return pairs.toString();
    }

    /** Whether a JSON array of pairs has that version of a workflow. */
    public static boolean has(String json, String name, String version) {
        return json.contains(JsonContext.pair(name, version));
    }

    /** The workflows in a JSON array of pairs, each as {@code name@version}. */
    public static List<String> labels(String json) {
        return JsonContext.pairs(json).stream()
                .map(pair -> pair.getKey() + "@" + pair.getValue())
                .toList();
    }

    /** The versions of a workflow in a JSON array of pairs. */
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

    /** The names of the workflows that can be submitted, as a JSON array. */
    public String namesJson() {
        return known.names;
    }

    /** All versions of all workflows that this engine has. */
    public List<Workflow> all() {
        return known.all.values().stream()
                .flatMap(ofName -> ofName.values().stream())
                .toList();
    }

    /** The workflow of a child, if this engine has it; one that does not serve submissions may do. */
    public Optional<Workflow> findForChild(String name) {
        return Optional.ofNullable(known.any(name));
    }

    /** The workflow that serves submissions by that name, if this engine has one. */
    public Optional<Workflow> find(String name) {
        return Optional.ofNullable(known.submitted.get(name));
    }

    /** The workflow of an execution, if this engine has it in that version. */
    public Optional<Workflow> find(String name, String version) {
        return Optional.ofNullable(known.all.get(name)).map(versions -> versions.get(version));
    }
}
