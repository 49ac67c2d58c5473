package io.cloacina.crash;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Labeled;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A look at what waits while processes are being killed. Each question is one statement, so that it sees what was committed at
 * one moment; each answer is a violation.
 */
final class Glimpse {
    static final Statements STATEMENTS = new Statements("glimpse");

    private static final String UNFINISHED =
            list(Stream.of(ExecutionStatus.values()).filter(status -> !status.isFinished()));
    private static final String UNFINISHED_TASKS =
            list(Stream.of(TaskStatus.values()).filter(status -> !status.isFinished()));

    /** The child of an attempt is the last one: an earlier one may have been opened again by retrying it. */
    private static final String CHILDREN = """
            (SELECT count(*) FROM pipeline_executions e WHERE e.parent_task_id = t.id AND e.status IN %s
               AND NOT EXISTS (SELECT 1 FROM pipeline_executions later
                               WHERE later.parent_task_id = t.id AND later.id > e.id))
            + (SELECT count(*) FROM task_executions r WHERE r.parent_task_id = t.id
                 AND r.status IN %s)""".formatted(UNFINISHED, UNFINISHED_TASKS);

    private static final Select<NoArgument, UUID> MISCOUNTED = of("miscounted", """
            SELECT t.pipeline_execution_id FROM task_executions t
            WHERE t.status = 'Waiting' AND t.waits_for = 'Children' AND t.children_remaining <> %s""".formatted(CHILDREN));

    private static final Select<NoArgument, UUID> FOR_NOTHING = of("for-nothing", """
            SELECT t.pipeline_execution_id FROM task_executions t WHERE t.status = 'Waiting' AND (t.waits_for IS NULL
              OR t.waits_for = 'Time' AND t.due_at IS NULL
              OR t.waits_for = 'Children' AND t.children_remaining = 0
              OR t.waits_for = 'Signal' AND t.signal_name IS NULL)""");

    private static final Select<NoArgument, UUID> SIGNALLED = of("signalled", """
            SELECT t.pipeline_execution_id FROM task_executions t
            JOIN signals s ON s.pipeline_execution_id = t.pipeline_execution_id AND s.signal_name = t.signal_name
            WHERE t.status = 'Waiting' AND t.waits_for = 'Signal'""");

    private static final Select<NoArgument, UUID> LEFT_ALONE = of("left-alone", """
            SELECT e.id FROM pipeline_executions e
            JOIN task_executions t ON t.id = e.parent_task_id
            JOIN pipeline_executions p ON p.id = t.pipeline_execution_id
            WHERE e.status IN %1$s AND p.status NOT IN %1$s""".formatted(UNFINISHED));

    private static final Select<NoArgument, UUID> CLAIMED = of("claimed", """
            SELECT t.pipeline_execution_id FROM task_executions t
            WHERE (t.status = 'Running') <> (t.claimed_by IS NOT NULL)""");

    private static final Select<NoArgument, UUID> ANY = of("any", "SELECT e.id FROM pipeline_executions e LIMIT 1");

    /** What is wrong with an execution. */
    record Sight(UUID execution, String wrong) {}

    private Glimpse() {}

    private static String list(Stream<? extends Labeled> states) {
        return states.map(state -> "'" + state.label() + "'").collect(Collectors.joining(", ", "(", ")"));
    }

    /** Whether an execution was submitted. */
    static boolean hasAny(Database database) {
        return !database.list(ANY).isEmpty();
    }

    static List<Sight> of(Database database) {
        List<Sight> sights = new ArrayList<>();
        look(database, MISCOUNTED, "has a task that counts its unfinished children wrongly", sights);
        look(database, FOR_NOTHING, "has a task that waits for nothing", sights);
        look(database, SIGNALLED, "has a task that waits for a signal that was sent", sights);
        look(database, LEFT_ALONE, "is not finished, and the execution that it is a child of is", sights);
        look(database, CLAIMED, "has a task that is claimed and does not run, or the other way round", sights);
        return sights;
    }

    private static void look(Database database, Select<NoArgument, UUID> question, String wrong, List<Sight> sights) {
        database.list(question).forEach(execution -> sights.add(new Sight(execution, wrong)));
    }

    private static Select<NoArgument, UUID> of(String name, String sql) {
        return STATEMENTS.nativeSelect(name, sql, sql, q -> {
            var execution = q.column(DataType.UUID);
            return row -> row.get(execution).value();
        });
    }
}
