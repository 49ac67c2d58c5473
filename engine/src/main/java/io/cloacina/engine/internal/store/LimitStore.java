package io.cloacina.engine.internal.store;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.LimitUses;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/**
 * The statements over claims that limits bound. What counts is derived from what runs, so that a crash leaves nothing
 * behind that counts.
 */
public final class LimitStore {
    public static final Statements STATEMENTS = new Statements("limits");

    /** How many candidates of one combination of keys are read together. */
    public static final int PER_KEY = 20;

    /** A search for candidates; {@code full} has the keys under which nothing can be claimed now, a JSON array of texts. */
    public record Search(String workflow, String version, String full, int atMost) {}

    /** A ready task; {@code keys} is a JSON array of texts. */
    public record Candidate(UniversalUuid task, String keys) {}

    private static final String READY = """
            c.status = 'Ready' AND c.due_at IS NULL AND c.paused = %s AND c.limit_keys IS NOT NULL
              AND c.pipeline_name = ? AND c.pipeline_version = ?""";

    /**
     * Steps from one combination of keys to the next in the index, and skips those that are full: the tasks that wait
     * for them are not read.
     */
    private static final String CANDIDATES = """
            WITH RECURSIVE k(keys) AS (
              SELECT (SELECT min(c.limit_keys) FROM task_executions c WHERE %1$s)
              UNION ALL
              SELECT (SELECT min(c.limit_keys) FROM task_executions c WHERE %1$s AND c.limit_keys > k.keys)
              FROM k WHERE k.keys IS NOT NULL)
            SELECT t.id, t.limit_keys FROM (SELECT keys FROM k WHERE keys IS NOT NULL AND keys NOT IN (%2$s)) open
            %3$s
            ORDER BY t.priority DESC, t.id LIMIT ?""";

    private static final String FIRST_OF_KEY =
            "SELECT %2$s FROM task_executions c WHERE %1$s AND c.limit_keys = open.keys"
                    + " ORDER BY c.priority DESC, c.id LIMIT " + PER_KEY;

    private static String candidates(String no, String list, String join, String columns) {
        String ready = READY.formatted(no);
        return CANDIDATES.formatted(ready, list, join.formatted(FIRST_OF_KEY.formatted(ready, columns)));
    }

    public static final Select<Search, Candidate> FIND = STATEMENTS.nativeSelect(
            "find",
            candidates("0", "SELECT value FROM json_each(?)", "JOIN task_executions t ON t.id IN (%s)", "c.id"),
            candidates(
                    "false",
                    "SELECT jsonb_array_elements_text(CAST(CAST(? AS text) AS jsonb))",
                    "CROSS JOIN LATERAL (%s) t",
                    "c.id, c.limit_keys, c.priority"),
            q -> {
                for (int i = 0; i < 2; i++) {
                    q.bind(DataType.TEXT, Search::workflow);
                    q.bind(DataType.TEXT, Search::version);
                }
                q.bind(DataType.TEXT, Search::full);
                q.bind(DataType.TEXT, Search::workflow);
                q.bind(DataType.TEXT, Search::version);
                q.bind(DataType.INTEGER, Search::atMost);
                var task = q.column(DataType.UUID);
                var keys = q.column(DataType.TEXT);
                return row -> new Candidate(row.get(task), row.get(keys));
            });

    public record One(UniversalUuid task, UniversalUuid runner, UniversalTimestamp at) {}

    /**
     * Claims a candidate, if it is still ready and no other transaction has locked it. Claiming it and giving it back
     * do not change {@code updated_at}, so that this remains the time since when the task is ready.
     */
    public static final ChangeReturning<One, TaskStore.Taken> CLAIM = STATEMENTS.updateReturning("claim", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.RUNNING);
        u.set(t.claimedBy, u.arg(One::runner));
        u.increment(t.attempt, 1);
        u.set(t.readyAt, t.updatedAt);
        u.set(t.startedAt, u.arg(One::at));
        u.claim(t.id, q -> {
            var ready = q.from(TaskExecutions::new);
            q.where(
                    ready.id.eq(q.arg(One::task)),
                    ready.status.eq(TaskStatus.READY),
                    ready.dueAt.isNull(),
                    ready.paused.eq(UniversalBool.FALSE));
            return ready.id;
        });
        return row -> TaskStore.taken(row, t);
    });

    /** Gives back a claim of this transaction, which no other one has seen. */
    public static final Command<TaskStore.GiveBack> UNCLAIM = STATEMENTS.update("unclaim", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.setNull(t.claimedBy);
        u.setNull(t.readyAt);
        u.setNull(t.startedAt);
        u.increment(t.attempt, -1);
        u.where(TaskStore.claimStillValid(u, t, TaskStore.GiveBack::claim));
    });

    /** Makes other claims under the key wait until this transaction ends. SQLite has one writer anyway. */
    public static final Select<String, Integer> LOCK = STATEMENTS.nativeSelect(
            "lock",
            "SELECT length(?)",
            "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(CAST(? AS text), 0))) locked",
            q -> {
                q.bind(DataType.TEXT, key -> key);
                var any = q.column(DataType.INTEGER);
                return row -> row.get(any);
            });

    private static final String LIVE_TASKS = """
            SELECT 1 FROM task_executions t WHERE t.id = limit_uses.task_execution_id
              AND (t.status = 'Running' AND t.attempt = limit_uses.attempt
                OR t.waits_for = 'Children' AND t.status IN %s)""".formatted(Conditions.ACTIVE);

    private static final String LIVE_EXECUTIONS = """
            SELECT 1 FROM pipeline_executions e WHERE e.id = limit_uses.pipeline_execution_id
              AND e.status IN %s""".formatted(Conditions.UNFINISHED);

    private static final String FORGET = "DELETE FROM limit_uses WHERE limit_key = ? AND NOT EXISTS (%s)";

    /** Removes the uses of tasks that do not run any more. */
    public static final Command<String> FORGET_TASKS = forget("forget-tasks", FORGET.formatted(LIVE_TASKS));

    /** Removes the uses of executions that have ended. */
    public static final Command<String> FORGET_EXECUTIONS =
            forget("forget-executions", FORGET.formatted(LIVE_EXECUTIONS));

    public record Recent(String key, UniversalTimestamp after) {}

    /** Removes the uses that are too old to count. */
    public static final Command<Recent> FORGET_OLD = STATEMENTS.delete("forget-old", d -> {
        var u = d.from(LimitUses::new);
        d.where(u.limitKey.eq(d.arg(Recent::key)), u.createdAt.le(d.arg(Recent::after)));
    });

    /**
     * Moves future times of uses to the present. Another clock was ahead, or this one was set back; the uses were not
     * later than now, and otherwise they would count until the clock has caught up.
     */
    public static final Command<Recent> BRING_BACK = STATEMENTS.update("bring-back", u -> {
        var use = u.table(LimitUses::new);
        u.set(use.createdAt, u.arg(Recent::after));
        u.where(use.limitKey.eq(u.arg(Recent::key)), use.createdAt.gt(u.arg(Recent::after)));
    });

    /** How many uses are stored. */
    public static final Select<String, Long> USES = STATEMENTS.select("uses", q -> {
        var u = q.from(LimitUses::new);
        q.where(u.limitKey.eq(q.arg()));
        var count = q.count();
        return row -> row.get(count);
    });

    /** The time of the oldest stored use. */
    public static final Select<String, UniversalTimestamp> OLDEST = STATEMENTS.select("oldest", q -> {
        var u = q.from(LimitUses::new);
        q.where(u.limitKey.eq(q.arg()));
        q.orderBy(u.createdAt.asc());
        q.limit(1);
        return row -> row.get(u.createdAt);
    });

    /** The oldest uses of a key; for a limit of starts, those after a time. */
    public record Uses(String key, UniversalTimestamp after, int most) {}

    /** A use that counts under a key. */
    public record Holder(UniversalUuid execution, UniversalTimestamp since) {}

    /** The tasks that a limit counts now. */
    public static final Select<Uses, Holder> HELD_BY_TASKS = holders("held-by-tasks", "EXISTS (" + LIVE_TASKS + ")");

    /** The executions that a limit counts now. */
    public static final Select<Uses, Holder> HELD_BY_EXECUTIONS =
            holders("held-by-executions", "EXISTS (" + LIVE_EXECUTIONS + ")");

    /** The starts that a limit counts now. */
    public static final Select<Uses, Holder> HELD_BY_STARTS = holders("held-by-starts", "true");

    public record Use(UniversalUuid id, String key, Claim claim, UniversalTimestamp at) {}

    public static final Command<Use> USE = STATEMENTS.insert("use", i -> {
        var u = i.into(LimitUses::new);
        i.set(u.id, i.arg(Use::id));
        i.set(u.limitKey, i.arg(Use::key));
        i.set(u.taskExecutionId, i.arg(use -> use.claim().task()));
        i.set(u.attempt, i.arg(use -> use.claim().attempt()));
        i.set(u.pipelineExecutionId, i.arg(use -> use.claim().execution()));
        i.set(u.createdAt, i.arg(Use::at));
        i.set(u.updatedAt, i.arg(Use::at));
    });

    public record OfExecution(UniversalUuid execution, String key) {}

    /** Whether an execution counts under a key already. */
    public static final Select<OfExecution, UniversalUuid> USE_OF = STATEMENTS.select("use-of", q -> {
        var u = q.from(LimitUses::new);
        q.where(u.pipelineExecutionId.eq(q.arg(OfExecution::execution)), u.limitKey.eq(q.arg(OfExecution::key)));
        q.limit(1);
        return row -> row.get(u.id);
    });

    private LimitStore() {}

    private static Select<Uses, Holder> holders(String name, String counts) {
        String sql =
                "SELECT pipeline_execution_id, created_at FROM limit_uses WHERE limit_key = ? AND created_at > ? AND "
                        + counts + " ORDER BY created_at LIMIT ?";
        return STATEMENTS.nativeSelect(name, sql, sql, q -> {
            q.bind(DataType.TEXT, Uses::key);
            q.bind(DataType.TIMESTAMP, Uses::after);
            q.bind(DataType.INTEGER, Uses::most);
            var execution = q.column(DataType.UUID);
            var since = q.column(DataType.TIMESTAMP);
            return row -> new Holder(row.get(execution), row.get(since));
        });
    }

    private static Command<String> forget(String name, String sql) {
        return STATEMENTS.nativeCommand(name, sql, sql, q -> q.bind(DataType.TEXT, key -> key));
    }
}
