package io.cloacina.engine.internal.store;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.SelectBuilder;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.CronExecutions;
import io.cloacina.schema.tables.ExecutionLabels;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.PayloadForm;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The statements of searches. The conditions of a search determine the text of its statement: there is one for each
 * shape of a search, made at the first search with that shape. There are a few thousand shapes at most, because values
 * are parameters, and numbers of repeated conditions are padded ({@link #padded}).
 *
 * <p>A search with conditions that no index supports reads a window: the {@value #WINDOW} newest executions before a
 * bound, of those in the best index. So a statement takes some milliseconds, whatever it finds. Only the unfinished
 * executions of a workflow are read all at once, because their index is in the order of versions.
 */
public final class SearchStore {
    public static final Statements STATEMENTS = new Statements("search");

    /** How many executions one statement reads. */
    public static final int WINDOW = 5_000;

    /** The maximum number of labels of a search. */
    public static final int MAX_LABELS = 4;

    /** How many executions a search can name. */
    public static final int MAX_IDS = 100;

    /** How many characters of an error are read: its first line begins with the class. */
    private static final int ERROR_BEGINNING = 500;

    private static final Set<ExecutionStatus> ENDED_BADLY =
            EnumSet.of(ExecutionStatus.FAILED, ExecutionStatus.CANCELLED);

    private static final Map<Shape, Select<Search, Execution>> SHAPES = new ConcurrentHashMap<>();

    /**
     * The index that a search reads, best first. {@code FEW}, {@code UNFINISHED_OF_WORKFLOW} and {@code EVERY} have no
     * window: the first two read all that their index leaves, and the index of the last has the order of the result.
     */
    private enum Walk {
        FEW,
        SCHEDULE,
        LABEL,
        ENDED_BADLY,
        UNFINISHED_OF_WORKFLOW,
        ALL,
        EVERY
    }

    /** What determines the text of a statement. */
    private record Shape(
            Walk walk, Set<Search.Part> texts, boolean hasParent, int ids, int states, int taskStates, int labels) {
        String name() {
            String of = texts.toString().toLowerCase(Locale.ROOT).replaceAll("[\\[\\] ]", "");
            return walk.name().toLowerCase(Locale.ROOT) + ":" + of + (hasParent ? ":parent" : "")
                    + (ids > 0 ? ":ids" + ids : "") + ":" + states + ":" + taskStates + ":" + labels;
        }
    }

    /** The last execution of a window of all executions. */
    public static final Select<Search, UniversalUuid> WINDOW_OF_ALL =
            window("window-of-all", e -> e.id.ge(UniversalUuid.NIL));

    /** The last execution of a window of failed and cancelled executions. */
    public static final Select<Search, UniversalUuid> WINDOW_OF_ENDED_BADLY =
            window("window-of-ended-badly", SearchStore::endedBadly);

    /** The last execution of a window of executions that have the first label. */
    public static final Select<Search, UniversalUuid> WINDOW_OF_LABEL = STATEMENTS.select("window-of-label", q -> {
        var l = q.from(ExecutionLabels::new);
        q.where(
                l.labelName.eq(q.arg(search -> label(search, 0).getKey())),
                l.labelValue.eq(q.arg(search -> label(search, 0).getValue())),
                l.pipelineExecutionId.lt(q.arg(Search::before)));
        q.orderBy(l.pipelineExecutionId.desc());
        q.only(WINDOW - 1);
        return row -> row.get(l.pipelineExecutionId);
    });

    /** The last execution of a window of executions that a schedule has submitted. */
    public static final Select<Search, UniversalUuid> WINDOW_OF_SCHEDULE =
            STATEMENTS.select("window-of-schedule", q -> {
                var o = q.from(CronExecutions::new);
                q.where(ofSchedule(q, o), o.pipelineExecutionId.lt(q.arg(Search::before)));
                q.orderBy(o.scheduleId.desc(), o.pipelineExecutionId.desc());
                q.only(WINDOW - 1);
                return row -> row.get(o.pipelineExecutionId);
            });

    /** Failures of executions that ended at {@code since} or later, at most that many. */
    public record FailedSince(UniversalTimestamp since, int atMost) {}

    /** A failure: the beginning of its error, and the task that failed, null if the execution failed as a whole. */
    public record Failure(
            UniversalUuid execution,
            String workflow,
            @Nullable String task,
            String error,
            UniversalTimestamp at) {}

    private static final String FAILED = """
            SELECT n.id, n.pipeline_name, coalesce(t.task_name, ''), %s, %s, n.completed_at
            FROM (SELECT e.id, e.pipeline_name, e.completed_at, e.error_details FROM pipeline_executions e
                  WHERE e.status = 'Failed' AND e.completed_at >= ?
                  ORDER BY e.completed_at DESC, e.id DESC LIMIT ?) n
              LEFT JOIN task_executions t ON t.pipeline_execution_id = n.id AND t.status = 'Failed'
            ORDER BY n.completed_at DESC, n.id DESC LIMIT ?""".formatted(
                    PayloadForm.beginning("t.error_details", ERROR_BEGINNING),
                    PayloadForm.beginning("n.error_details", ERROR_BEGINNING));

    /** Failed tasks of failed executions, and failed executions without one; the last to end first. */
    public static final Select<FailedSince, Failure> FAILURES =
            STATEMENTS.nativeSelect("failures", FAILED, FAILED, q -> {
                q.bind(DataType.TIMESTAMP, FailedSince::since);
                q.bind(DataType.INTEGER, FailedSince::atMost);
                q.bind(DataType.INTEGER, FailedSince::atMost);
                var id = q.column(DataType.UUID);
                var workflow = q.column(DataType.TEXT);
                var task = q.column(DataType.TEXT);
                var ofTask = q.column(DataType.payloadText("task_executions.error_details"));
                var ofExecution = q.column(DataType.payloadText("pipeline_executions.error_details"));
                var at = q.column(DataType.TIMESTAMP);
                return row -> {
                    String failed = row.get(task);
                    boolean isTask = !failed.isEmpty();
                    return new Failure(
                            row.get(id),
                            row.get(workflow),
                            isTask ? failed : null,
                            row.get(isTask ? ofTask : ofExecution),
                            row.get(at));
                };
            });

    private SearchStore() {}

    /** The statement for a search, newest executions first. All searches of one shape have the same. */
    public static Select<Search, Execution> of(Search search) {
        Shape shape = new Shape(
                walk(search),
                search.texts().isEmpty()
                        ? EnumSet.noneOf(Search.Part.class)
                        : EnumSet.copyOf(search.texts().keySet()),
                search.parent() != null,
                padded(search.ids().size(), MAX_IDS),
                padded(search.states().size(), ExecutionStatus.values().length),
                padded(search.taskStates().size(), TaskStatus.values().length),
                padded(search.labels().size(), MAX_LABELS));
        return SHAPES.computeIfAbsent(shape, SearchStore::select);
    }

    /** The statement that finds where the window of a search ends; empty if the search has no window. */
    public static Optional<Select<Search, UniversalUuid>> windowOf(Search search) {
        return switch (walk(search)) {
            case FEW, UNFINISHED_OF_WORKFLOW, EVERY -> Optional.empty();
            case SCHEDULE -> Optional.of(WINDOW_OF_SCHEDULE);
            case LABEL -> Optional.of(WINDOW_OF_LABEL);
            case ENDED_BADLY -> Optional.of(WINDOW_OF_ENDED_BADLY);
            case ALL -> Optional.of(WINDOW_OF_ALL);
        };
    }

    /**
     * How many executions a window of this search counts as: twice as many if each of its executions is looked up
     * individually, or has two texts that may be the error.
     */
    public static int cost(Search search) {
        Walk walk = walk(search);
        boolean isScattered = walk == Walk.LABEL || walk == Walk.SCHEDULE;
        return isScattered || search.texts().containsKey(Search.Part.ERROR) ? 2 * WINDOW : WINDOW;
    }

    private static Walk walk(Search search) {
        Set<Search.Part> texts = search.texts().keySet();
        boolean hasStates = !search.states().isEmpty();
        if (texts.contains(Search.Part.KEY)
                || search.parent() != null
                || !search.ids().isEmpty()) {
            return Walk.FEW;
        }
        if (texts.contains(Search.Part.SCHEDULE)) {
            return Walk.SCHEDULE;
        }
        if (!search.labels().isEmpty()) {
            return Walk.LABEL;
        }
        // Only failed and cancelled executions have an error.
        if ((hasStates || texts.contains(Search.Part.ERROR)) && ENDED_BADLY.containsAll(search.states())) {
            return Walk.ENDED_BADLY;
        }
        if (hasStates
                && search.states().stream().noneMatch(ExecutionStatus::isFinished)
                && texts.contains(Search.Part.WORKFLOW)
                && !search.isInSteps()) {
            return Walk.UNFINISHED_OF_WORKFLOW;
        }
        return texts.isEmpty() && !hasStates ? Walk.EVERY : Walk.ALL;
    }

    /** None, one or the maximum: otherwise each number would be a shape of its own. */
    private static int padded(int given, int most) {
        return given <= 1 ? given : most;
    }

    private static Select<Search, Execution> select(Shape shape) {
        return STATEMENTS.select(shape.name(), q -> {
            var e = q.from(PipelineExecutions::new);
            Column<UniversalUuid> id = e.id;
            if (shape.texts().contains(Search.Part.SCHEDULE)) {
                var o = q.join(e, CronExecutions::new, cron -> cron.execution);
                q.where(ofSchedule(q, o));
                if (shape.walk() == Walk.SCHEDULE) {
                    // Sorted as the index of the schedule's executions.
                    id = o.pipelineExecutionId;
                    q.orderBy(o.scheduleId.desc());
                }
            }
            for (int i = 0; i < shape.labels(); i++) {
                int index = i;
                var l = q.join(e, ExecutionLabels::new, label -> label.execution);
                q.where(
                        l.labelName.eq(q.arg(search -> label(search, index).getKey())),
                        l.labelValue.eq(q.arg(search -> label(search, index).getValue())));
                // Sorted as the index of labels.
                id = i == 0 && shape.walk() == Walk.LABEL ? l.pipelineExecutionId : id;
            }
            q.where(id.ge(q.arg(Search::from)), id.lt(q.arg(Search::before)));
            // In the words of the index: SQLite uses a partial index only if the conditions are the same.
            if (shape.walk() == Walk.ENDED_BADLY) {
                q.where(endedBadly(e));
            } else if (shape.walk() == Walk.UNFINISHED_OF_WORKFLOW) {
                q.where(Conditions.unfinished(e));
                q.orderBy(e.pipelineName.desc());
            }
            if (shape.ids() > 0) {
                q.where(Conditions.any(shape.ids(), i -> e.id.eq(q.arg(search -> Search.at(i, search.ids())))));
            }
            if (shape.states() > 0) {
                q.where(Conditions.any(
                        shape.states(), i -> e.status.eq(q.arg(search -> Search.at(i, search.states())))));
            }
            shape.texts().stream()
                    .filter(part -> part != Search.Part.SCHEDULE)
                    .forEach(part -> q.where(text(q, e, part, shape)));
            if (shape.hasParent()) {
                var parent = q.crossJoin(TaskExecutions::new);
                q.where(e.parentTaskId.eq(parent.id));
                q.where(parent.pipelineExecutionId.eq(q.arg(Search::requiredParent)));
            }
            q.orderBy(id.desc());
            q.limit(q.arg(Search::limit));
            return row -> HistoryStore.execution(row, e);
        });
    }

    private static Condition text(SelectBuilder<Search> q, PipelineExecutions e, Search.Part part, Shape shape) {
        int taskStates = shape.taskStates();
        var text = q.arg((Search search) -> search.text(part));
        return switch (part) {
            // A range, in the order of the index: for an equality PostgreSQL would walk the ids of all executions.
            case WORKFLOW ->
                shape.walk() == Walk.UNFINISHED_OF_WORKFLOW
                        ? e.pipelineName.ge(text).and(e.pipelineName.le(text))
                        : e.pipelineName.eq(text);
            case VERSION -> e.pipelineVersion.eq(text);
            case KEY -> e.idempotencyKey.eq(text);
            case ERROR ->
                Condition.contains(e.errorDetails, text)
                        .or(q.exists(
                                e,
                                TaskExecutions::new,
                                t -> t.execution,
                                t -> t.status.eq(TaskStatus.FAILED).and(Condition.contains(t.errorDetails, text))));
            case SCHEDULE -> throw new IllegalArgumentException("a schedule is a table of its own");
            case TASK ->
                q.exists(e, TaskExecutions::new, t -> t.execution, t -> {
                    Condition named = t.taskName.eq(text);
                    return taskStates == 0
                            ? named
                            : named.and(Conditions.any(
                                    taskStates, i -> t.status.eq(q.arg(search -> Search.at(i, search.taskStates())))));
                });
        };
    }

    private static Select<Search, UniversalUuid> window(String name, Function<PipelineExecutions, Condition> among) {
        return STATEMENTS.select(name, q -> {
            var e = q.from(PipelineExecutions::new);
            q.where(e.id.lt(q.arg(Search::before)), among.apply(e));
            q.orderBy(e.id.desc());
            q.only(WINDOW - 1);
            return row -> row.get(e.id);
        });
    }

    private static Condition ofSchedule(SelectBuilder<Search> q, CronExecutions occurrence) {
        return q.refersTo(
                occurrence.schedule, s -> s.name.eq(q.arg((Search search) -> search.text(Search.Part.SCHEDULE))));
    }

    private static Map.Entry<String, String> label(Search search, int index) {
        return Search.at(index, search.labelList());
    }

    private static Condition endedBadly(PipelineExecutions e) {
        return e.status.in(ExecutionStatus.FAILED, ExecutionStatus.CANCELLED);
    }
}
