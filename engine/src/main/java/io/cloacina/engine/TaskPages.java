package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.store.AttemptStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.TaskPageStore;
import io.cloacina.engine.model.AttemptPage;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.TaskPage;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tasks of an execution, and their attempts, a page at a time: no more than a page is read and held in
 * memory. Pages neither repeat nor miss a task that exists all the time. Thread safe.
 */
public final class TaskPages {
    private static final Comparator<AttemptStore.Stored> IN_ORDER = Comparator.comparing(
                    (AttemptStore.Stored each) -> UniversalUuid.of(each.task()))
            .thenComparing(each -> each.attempt().attempt());

    private final Supplier<Database> database;

    TaskPages(Supplier<Database> database) {
        this.database = database;
    }

    /**
     * The tasks in the order of the definition.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    public TaskPage list(TaskQuery query) {
        return page(query, TaskPageStore.LIST, task -> task.id().toString());
    }

    /**
     * The tasks that have begun, in the order in which their last attempts began.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    public TaskPage begun(TaskQuery query) {
        return page(
                query,
                TaskPageStore.BEGUN,
                task -> UniversalTimestamp.of(Objects.requireNonNull(task.startedAt())) + "_" + task.id());
    }

    /**
     * The number of tasks by state; states without tasks are left out. In the order of {@link TaskStatus}.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    public Map<TaskStatus, Long> counts(UUID execution) {
        UniversalUuid id = Engine.id(execution);
        return database.get().read(transaction -> {
            Map<TaskStatus, Long> counts = new EnumMap<>(TaskStatus.class);
            transaction.list(TaskPageStore.COUNTS, id).forEach(each -> counts.put(each.status(), each.tasks()));
            if (counts.isEmpty()) {
                requireKnown(transaction, id);
            }
            return Collections.unmodifiableMap(counts);
        });
    }

    /**
     * The tasks of the definition, in its order: without the runs for elements of a list, and without the texts of
     * errors.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    public List<TaskExecution> ofDefinition(UUID execution) {
        UniversalUuid id = Engine.id(execution);
        return database.get().read(transaction -> {
            List<HistoryStore.StoredTask> tasks = transaction.list(TaskPageStore.OF_DEFINITION, id);
            if (tasks.isEmpty()) {
                requireKnown(transaction, id);
            }
            return tasks.stream().map(HistoryStore.StoredTask::read).toList();
        });
    }

    /**
     * The attempts of the tasks that match a query, in the order of the definition and, for each task, by number. The
     * limit of the query counts attempts. Which attempts are kept: {@link WorkflowClient#attempts}.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    public AttemptPage attempts(TaskQuery query) {
        TaskQuery checked = Arguments.given("the query", query);
        return database.get().read(transaction -> {
            Range range = range(transaction, checked);
            List<TaskPageStore.Begun> begun =
                    transaction.list(TaskPageStore.HOLDERS, part(checked, range, checked.limit() + 2));
            // Limited to the same tasks, so that the attempts of 10,000 other tasks are not read.
            List<AttemptStore.Stored> stored = transaction.list(
                    TaskPageStore.ATTEMPTS, part(checked, range.upTo(begun, checked.limit()), checked.limit() + 1));
            if (begun.isEmpty() && stored.isEmpty()) {
                requireKnown(transaction, checked.execution());
            }
            return attempts(checked, begun, stored);
        });
    }

    /**
     * Merges both lists into a page. Each was read further than a page needs, because beyond the end of a full list the
     * other one may be incomplete.
     */
    private static AttemptPage attempts(
            TaskQuery query, List<TaskPageStore.Begun> begun, List<AttemptStore.Stored> stored) {
        List<AttemptStore.Stored> all = new ArrayList<>(stored);
        Map<UUID, Integer> lasts = new HashMap<>();
        lasts.put(query.after().task().value(), query.after().attempt());
        stored.forEach(each -> lasts.put(each.task(), each.attempt().attempt()));
        for (TaskPageStore.Begun each : begun) {
            TaskExecution task = each.task().task();
            TaskAttempt latest = Attempts.latest(task, lasts.getOrDefault(task.id(), 0), each.holder());
            if (latest != null) {
                all.add(new AttemptStore.Stored(task.id(), latest));
            }
        }
        all.sort(IN_ORDER);
        boolean areMoreTasks = begun.size() == query.limit() + 2;
        if (areMoreTasks) {
            UniversalUuid end = lastOf(begun);
            all.removeIf(each -> UniversalUuid.of(each.task()).compareTo(end) >= 0);
        }
        List<AttemptStore.Stored> page = all.subList(0, Math.min(query.limit(), all.size()));
        @Nullable String next = null;
        if (all.size() > query.limit()) {
            AttemptStore.Stored last = page.get(page.size() - 1);
            next = last.task() + "_" + last.attempt().attempt();
        } else if (areMoreTasks) {
            next = begun.get(begun.size() - 2).task().task().id() + "_" + TaskQuery.LAST_ATTEMPT;
        }
        return new AttemptPage(page.stream().map(AttemptStore.Stored::attempt).toList(), next);
    }

    private TaskPage page(
            TaskQuery query,
            Select<TaskPageStore.Part, HistoryStore.StoredTask> select,
            Function<TaskExecution, String> position) {
        TaskQuery checked = Arguments.given("the query", query);
        return database.get().read(transaction -> {
            Range range = range(transaction, checked);
            List<TaskExecution> found = transaction.list(select, part(checked, range, checked.limit() + 1)).stream()
                    .map(HistoryStore.StoredTask::read)
                    .toList();
            if (found.isEmpty()) {
                requireKnown(transaction, checked.execution());
            }
            if (found.size() <= checked.limit()) {
                return new TaskPage(found, null);
            }
            return new TaskPage(found.subList(0, checked.limit()), position.apply(found.get(checked.limit() - 1)));
        });
    }

    /** The range of task ids that a query selects. */
    private record Range(UniversalUuid first, UniversalUuid last) {
        Range upTo(List<TaskPageStore.Begun> begun, int limit) {
            return begun.size() < limit + 2 ? this : new Range(first, lastOf(begun));
        }
    }

    private static UniversalUuid lastOf(List<TaskPageStore.Begun> begun) {
        return UniversalUuid.of(begun.get(begun.size() - 1).task().task().id());
    }

    private static Range range(ReadTransaction transaction, TaskQuery query) {
        if (query.name().isEmpty()) {
            return new Range(UniversalUuid.NIL, UniversalUuid.MAX);
        }
        return transaction
                .find(
                        TaskPageStore.BY_NAME,
                        new TaskPageStore.Named(query.execution(), query.name().orElseThrow()))
                .map(id -> new Range(id, id))
                .orElse(new Range(UniversalUuid.MAX, UniversalUuid.NIL));
    }

    private static TaskPageStore.Part part(TaskQuery query, Range range, int limit) {
        return new TaskPageStore.Part(
                query.execution(),
                query.states(),
                range.first(),
                range.last(),
                query.after().at(),
                query.after().task(),
                query.after().attempt(),
                limit);
    }

    private static void requireKnown(ReadTransaction transaction, UniversalUuid execution) {
        if (transaction.find(HistoryStore.FIND, execution).isEmpty()) {
            throw new UnknownExecutionException(execution.value());
        }
    }
}
