package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.claim.StoredDefinition;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.StoredRule;
import io.cloacina.engine.internal.store.DefinitionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.internal.write.VersionDifference;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.StoredWorkflow;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.engine.model.UnknownVersionException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.engine.model.WorkflowVersion;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The versions of workflows in the database: every runner stores the definitions that it has. Any process, also one
 * without the code, can read and compare versions and move executions from one to another. Thread safe.
 */
public final class Versions {
    private static final int MAX_VERSION = 100;

    private final RunningEngine engine;

    Versions(RunningEngine engine) {
        this.engine = engine;
    }

    /**
     * Returns the names of all workflows of which a version is stored, sorted. It is cheaper than {@link #list()},
     * which also counts runners and executions.
     */
    public List<String> workflows() {
        return engine.database().list(DefinitionStore.ALL).stream()
                .map(DefinitionStore.Header::workflow)
                .distinct()
                .toList();
    }

    /** Returns all versions of all workflows, by name, the newest of each first. */
    public List<WorkflowVersion> list() {
        return known(engine.database().list(DefinitionStore.ALL));
    }

    /**
     * Returns the versions of a workflow, newest first.
     *
     * @throws UnknownWorkflowException if no runner has stored a workflow of that name
     */
    public List<WorkflowVersion> list(String workflow) {
        return known(headers(workflow));
    }

    private List<WorkflowVersion> known(List<DefinitionStore.Header> headers) {
        LiveRunners runners = LiveRunners.read(engine.database());
        List<HistoryStore.Backlog> backlogs = engine.database().list(HistoryStore.BACKLOGS);
        return headers.stream()
                .map(header -> new WorkflowVersion(
                        header.workflow(),
                        header.version(),
                        header.createdAt().toInstant(),
                        header.packageLabel(),
                        header.isDeleted(),
                        runners.having(header.workflow(), header.version()).size(),
                        backlogs.stream()
                                .filter(backlog -> backlog.workflow().equals(header.workflow())
                                        && backlog.version().equals(header.version()))
                                .mapToLong(HistoryStore.Backlog::executions)
                                .sum()))
                .toList();
    }

    /** Returns the definition of a version; empty if it is not stored. */
    public Optional<StoredWorkflow> find(String workflow, String version) {
        return definitions()
                .find(Workflows.checkedName(workflow), checkedVersion(version))
                .map(Versions::shown);
    }

    /**
     * Returns what changed from one version of a workflow to another, a sentence each: tasks, dependencies, rules,
     * settings, limits, types, input. Empty if only code changed.
     *
     * @throws UnknownWorkflowException if no runner has stored a workflow of that name
     * @throws UnknownVersionException if one of the versions is not stored
     */
    public List<String> differences(String workflow, String from, String to) {
        return VersionDifference.between(stored(workflow, from), stored(workflow, to));
    }

    /**
     * Migrates an execution to another version of its workflow, newer or older, even if it is pinned to its own. Its
     * unfinished tasks must be compatible with that version: the version has each of them, with the same dependencies,
     * rule and kind, and they can read what finished tasks wrote. It happens in one transaction, and is recorded in
     * {@link Engine#recoveries}. If no live runner has that version, the execution waits for one. If the execution has
     * that version already, nothing happens.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished, or one of its tasks is running: try again when that task has
     *     ended
     * @throws UnknownVersionException if the version is not stored
     * @throws CloacinaException if the execution cannot continue with it ({@code INCOMPATIBLE_VERSION}, with the
     *     reason); nothing is changed then
     */
    public void migrate(UUID execution, String version) {
        UniversalUuid id = Engine.id(execution);
        checkedVersion(version);
        EngineRuntime runtime = engine.runtime();
        Workflow workflow = runtime.lanes().readFirst("reading the version to migrate to", () -> target(id, version));
        runtime.lanes().call(id, work -> {
            runtime.steps().versionChange().migrate(work, id, workflow);
            return id;
        });
    }

    private Workflow target(UniversalUuid execution, String version) {
        String name = engine.database()
                .find(HistoryStore.FIND, execution)
                .map(Execution::workflow)
                .orElseThrow(() -> new UnknownExecutionException(execution.value()));
        Workflow workflow = definitions().known(name, version).orElseThrow(() -> unusable(name, version));
        for (StoredDefinition.Task task : workflow.stored().tasks()) {
            if (!workflow.hasCode() && StoredRule.parse(task.rule()).isEmpty()) {
                throw new CloacinaException(
                        ErrorCodes.INCOMPATIBLE_VERSION,
                        "the trigger rule of task " + Arguments.shown(task.name()) + " of workflow " + workflow
                                + " is of a kind that this version of the library does not know: migrate with a newer"
                                + " one");
            }
        }
        return workflow;
    }

    private StoredDefinition stored(String workflow, String version) {
        return definitions()
                .find(Workflows.checkedName(workflow), checkedVersion(version))
                .orElseThrow(() -> unknown(workflow, version));
    }

    private static String checkedVersion(String version) {
        return Arguments.name(ErrorCodes.INVALID_NAME, "the version of a workflow", version, MAX_VERSION);
    }

    private List<DefinitionStore.Header> headers(String workflow) {
        List<DefinitionStore.Header> headers = definitions().versions(Workflows.checkedName(workflow));
        if (headers.isEmpty()) {
            throw definitions().unknown(workflow);
        }
        return headers;
    }

    private UnknownVersionException unusable(String workflow, String version) {
        boolean isDeleted =
                headers(workflow).stream().anyMatch(each -> each.version().equals(version) && each.isDeleted());
        return isDeleted ? UnknownVersionException.deleted(workflow, version) : unknown(workflow, version);
    }

    private UnknownVersionException unknown(String workflow, String version) {
        return new UnknownVersionException(
                workflow,
                version,
                headers(workflow).stream().map(DefinitionStore.Header::version).toList());
    }

    private static StoredWorkflow shown(StoredDefinition definition) {
        return new StoredWorkflow(
                definition.name(),
                definition.version(),
                definition.inFlight(),
                definition.refusesUnknownInput(),
                definition.deadline(),
                definition.inputs().stream()
                        .map(input -> new StoredWorkflow.Input(
                                input.key(), input.shape().toString(), input.isRequired()))
                        .toList(),
                texts(definition.limits()),
                definition.tasks().stream().map(Versions::shown).toList());
    }

    private static StoredWorkflow.Task shown(StoredDefinition.Task task) {
        String rule = StoredRule.text(task.rule());
        Map<String, String> reads = new LinkedHashMap<>();
        task.reads().forEach((key, shape) -> reads.put(key, shape.toString()));
        return new StoredWorkflow.Task(
                task.name(),
                task.dependencies(),
                rule.isEmpty() ? null : rule,
                task.settings(),
                texts(task.limits()),
                reads,
                task.output() == null ? null : task.output().toString());
    }

    private static List<String> texts(List<?> limits) {
        List<String> texts = new ArrayList<>();
        limits.forEach(limit -> texts.add(limit.toString()));
        return texts;
    }

    private Definitions definitions() {
        return engine.parts().definitions();
    }
}
