package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.StoredDefinition;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.StoredRule;
import io.cloacina.engine.internal.store.ContextStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.LabelStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.internal.store.VersionStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Restarts an ended execution, as a new execution of the newest version. The task to begin with, those after it, and
 * those that did not end run again. The others keep their ends, and their outputs are copied.
 */
public final class Restarter {
    private static final String CODE = ErrorCodes.RESTART_REFUSED;

    private final Planner planner;

    Restarter(Planner planner) {
        this.planner = planner;
    }

    /** Stores the new execution, or throws why it cannot. */
    public void restart(UnitOfWork work, RestartRequest request) {
        if (work.find(HistoryStore.FIND, request.id()).isPresent()) {
            return; // an earlier commit succeeded although its answer was lost
        }
        Execution execution = work.find(HistoryStore.FIND, request.from())
                .orElseThrow(() -> new UnknownExecutionException(request.from().value()));
        if (!execution.isFinished()) {
            throw new ExecutionStateException(
                    execution, "restarted", "its own tasks would run beside the new ones; cancel it first");
        }
        Workflow workflow = request.workflow();
        if (!Submitter.serves(work.transaction(), workflow)) {
            throw UnknownWorkflowException.deleted(workflow.name());
        }
        Plan plan = new Plan(request, work.list(VersionStore.TASKS, request.from()));
        Map<String, String> outputs = new LinkedHashMap<>();
        for (ContextStore.Patch patch : work.list(ContextStore.WRITTEN, request.from())) {
            if (plan.isKept(patch.taskName())) {
                outputs.put(patch.taskName(), patch.json());
            }
        }
        plan.requireReadable(outputs);
        ObjectNode input = request.input() != null ? request.input() : input(work::find, request.from());
        PreparedExecution anew = prepared(work, request, execution, input);
        if (request.input() != null) {
            LimitKeys.require(workflow, input);
        }
        List<TaskDefinition> undecided = plan.undecided();
        insert(work, anew, plan);
        Map<String, UniversalUuid> ids = insertTasks(work, anew, plan);
        insertOutputs(work, request.id(), outputs, ids);
        if (work.effects().hasListeners()) {
            work.effects().submitted(anew.event(work.at()));
        }
        planner.decideAdded(work, request.id(), workflow, undecided, anew.priority());
    }

    private static PreparedExecution prepared(
            UnitOfWork work, RestartRequest request, Execution before, ObjectNode input) {
        String where = "the input of workflow '" + request.workflow().name() + "'";
        String json = JsonContext.stored(input, where, request.maxBytes());
        PreparedExecution.Draft anew = PreparedExecution.of(request.id(), request.workflow(), input, json)
                .restarted(request.from());
        Submission changed = request.submission();
        return (changed == null ? Inheritance.inherit(work, before, anew) : anew.options(changed, work.at()))
                .prepared();
    }

    /** Finds a row, inside a transaction or not. */
    public interface RowReading {
        Optional<String> find(Select<UniversalUuid, String> select, UniversalUuid id);
    }

    /** The input of an execution. */
    public static ObjectNode input(RowReading reading, UniversalUuid execution) {
        return reading.find(ContextStore.INPUT_OF, execution)
                .map(json -> JsonContext.parse(json, "execution " + execution))
                .orElseGet(JsonContext::empty);
    }

    private static void insert(UnitOfWork work, PreparedExecution anew, Plan plan) {
        if (anew.deadline() != null) {
            work.effects().due(anew.deadline());
        }
        UniversalUuid context = anew.json() == null ? null : UniversalUuid.v7();
        if (anew.json() != null && context != null) {
            work.batch(ContextStore.INSERT, List.of(new ContextStore.NewContext(context, anew.json(), work.at())));
        }
        work.batch(ExecutionStore.INSERT, List.of(anew.row(context, plan.hasKept(), work.at())));
        work.run(
                ExecutionStore.RESTARTED,
                new ExecutionStore.Restarted(
                        anew.id(), plan.request.from(), plan.lastAnew(), plan.failed(), anew.carried()));
        if (!anew.labels().isEmpty()) {
            work.batch(LabelStore.INSERT, anew.labelRows());
        }
    }

    /** Inserts the tasks in the order of the definition, which the order of their ids preserves. */
    private static Map<String, UniversalUuid> insertTasks(UnitOfWork work, PreparedExecution submitted, Plan plan) {
        Workflow workflow = plan.request.workflow();
        Map<String, UniversalUuid> ids = new HashMap<>();
        List<TaskStore.NewTask> anew = new ArrayList<>();
        List<VersionStore.Kept> kept = new ArrayList<>();
        for (TaskDefinition task : workflow.tasks()) {
            UniversalUuid id = UniversalUuid.v7();
            int priority = submitted.priority() + task.priority();
            ids.put(task.name(), id);
            if (plan.isKept(task.name())) {
                kept.add(new VersionStore.Kept(
                        id,
                        submitted.id(),
                        workflow,
                        task.position(),
                        plan.row(task),
                        plan.unmet(task),
                        priority,
                        work.at()));
                continue;
            }
            boolean begins = plan.begins(task);
            if (begins) {
                work.effects().ready(workflow, priority);
            }
            anew.add(AddedTask.of(
                    id,
                    submitted.id(),
                    workflow,
                    task,
                    begins ? TaskStatus.READY : TaskStatus.NOT_STARTED,
                    plan.remaining(task),
                    plan.unmet(task),
                    submitted.priority(),
                    workflow.isBounded() ? LimitKeys.of(workflow, task, submitted.input()) : null,
                    work.at()));
        }
        work.batch(VersionStore.KEEP_TASK, kept);
        work.batch(TaskStore.INSERT, anew);
        return ids;
    }

    private static void insertOutputs(
            UnitOfWork work, UniversalUuid execution, Map<String, String> outputs, Map<String, UniversalUuid> ids) {
        List<ContextStore.NewContext> contexts = new ArrayList<>();
        List<ContextStore.NewOutput> written = new ArrayList<>();
        outputs.forEach((task, json) -> {
            UniversalUuid context = UniversalUuid.v7();
            UniversalUuid id = ids.getOrDefault(task, context);
            contexts.add(new ContextStore.NewContext(context, json, work.at()));
            // Nobody has run the task in this execution: only its name and the ids in the claim are stored.
            written.add(new ContextStore.NewOutput(
                    UniversalUuid.v7(),
                    new Claim(id, execution, task, 0, 0, 0, execution, work.at()),
                    context,
                    work.at()));
        });
        work.batch(ContextStore.INSERT, contexts);
        work.batch(ContextStore.INSERT_OUTPUT, written);
    }

    /** Which tasks of the version run again, and which keep their ends. */
    private static final class Plan {
        private final RestartRequest request;
        private final Workflow workflow;
        private final Map<String, VersionStore.Task> rows = new HashMap<>();
        private final Set<String> anew = new HashSet<>();

        Plan(RestartRequest request, List<VersionStore.Task> all) {
            this.request = request;
            this.workflow = request.workflow();
            all.stream().filter(row -> !row.isElement()).forEach(row -> rows.put(row.name(), row));
            if (request.task() == null) {
                workflow.tasks().forEach(task -> anew.add(task.name()));
                return;
            }
            Set<String> before = workflow.definition().ancestors(request.task());
            Set<String> after = new HashSet<>(Set.of(request.task()));
            anew.add(request.task());
            List<String> notEnded = new ArrayList<>();
            for (TaskDefinition task : workflow.tasks()) {
                boolean isAfter = task.dependencies().stream().anyMatch(after::contains);
                if (isAfter) {
                    after.add(task.name());
                }
                if (isAfter || !hasEnded(task)) {
                    anew.add(task.name());
                    if (before.contains(task.name())) {
                        notEnded.add(Arguments.shown(task.name()));
                    }
                }
            }
            if (!notEnded.isEmpty()) {
                throw refused("task " + Arguments.shown(request.task()) + " comes after "
                        + String.join(", ", notEnded)
                        + ", which did not end in that execution: begin with one of these, or without a task");
            }
        }

        private CloacinaException refused(String why) {
            return new CloacinaException(
                    CODE,
                    "execution " + request.from() + " cannot be restarted with workflow " + workflow + ": " + why);
        }

        /** A task that was cancelled does not count as ended. */
        private boolean hasEnded(TaskDefinition task) {
            VersionStore.Task row = rows.get(task.name());
            return row != null && row.isFinished() && row.status() != TaskStatus.CANCELLED;
        }

        boolean isKept(String name) {
            return !anew.contains(name)
                    && rows.containsKey(name)
                    && workflow.definition().task(name).isPresent();
        }

        /** Whether tasks are kept. Then the execution is stored as started: only the claim of a root would start it. */
        boolean hasKept() {
            return anew.size() < workflow.tasks().size();
        }

        VersionStore.Task row(TaskDefinition task) {
            return Objects.requireNonNull(rows.get(task.name()));
        }

        int remaining(TaskDefinition task) {
            return (int) task.dependencies().stream().filter(anew::contains).count();
        }

        /** How many of its dependencies ended without completing. */
        int unmet(TaskDefinition task) {
            return (int) task.dependencies().stream()
                    .filter(this::isKept)
                    .map(rows::get)
                    .filter(row -> row != null && row.status() != TaskStatus.COMPLETED)
                    .count();
        }

        /** Whether a task is ready at once: it is the one to begin with or a root, or its rule held before. */
        boolean begins(TaskDefinition task) {
            return remaining(task) == 0
                    && (task.name().equals(request.task())
                            || task.dependencies().isEmpty()
                            || rows.containsKey(task.name()));
        }

        /** The tasks that the first execution did not have, and whose dependencies have all ended. */
        List<TaskDefinition> undecided() {
            List<TaskDefinition> undecided = workflow.tasks().stream()
                    .filter(task -> anew.contains(task.name()) && remaining(task) == 0 && !begins(task))
                    .toList();
            for (TaskDefinition task : undecided) {
                if (!workflow.hasCode()
                        && StoredRule.parse(workflow.ruleJson(task.position())).isEmpty()) {
                    throw refused("the rule of task " + Arguments.shown(task.name())
                            + ", which it did not have, was stored by a newer version of the library:"
                            + " restart it in a process with that version, or with the code of the workflow");
                }
            }
            return undecided;
        }

        int failed() {
            return (int) workflow.tasks().stream()
                    .filter(task -> isKept(task.name()) && row(task).status() == TaskStatus.FAILED)
                    .count();
        }

        /** How many tasks run again on which no other one that runs again depends. */
        int lastAnew() {
            Set<String> followed = new HashSet<>();
            for (TaskDefinition task : workflow.tasks()) {
                if (anew.contains(task.name())) {
                    followed.addAll(task.dependencies());
                }
            }
            return (int) anew.stream().filter(name -> !followed.contains(name)).count();
        }

        /** Refuses kept outputs that are not of the types that the tasks of the version read. */
        void requireReadable(Map<String, String> outputs) {
            ObjectNode written = JsonContext.empty();
            outputs.forEach((task, json) -> JsonContext.apply(
                    JsonContext.parse(json, "task '" + task + "' of execution " + request.from()), written));
            for (StoredDefinition.Task task : workflow.stored().tasks()) {
                List<String> problems = new ArrayList<>();
                task.reads().forEach((key, shape) -> {
                    JsonNode value = written.get(key);
                    if (anew.contains(task.name()) && !anew.contains(key) && value != null && !value.isNull()) {
                        shape.check(value, key, problems);
                    }
                });
                if (!problems.isEmpty()) {
                    throw refused("task " + Arguments.shown(task.name()) + " cannot read what was written before: "
                            + problems.get(0));
                }
            }
        }
    }
}
