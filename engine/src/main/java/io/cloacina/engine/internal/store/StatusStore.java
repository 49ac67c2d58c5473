package io.cloacina.engine.internal.store;

import io.cloacina.api.WaitKind;
import io.cloacina.schema.sql.Expression;
import io.cloacina.schema.sql.NativeBuilder;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The statements that read the state of a whole database. None reads more rows than its bound, however many there are.
 * Rows are counted up to a bound, in an index over the few rows of that state; of an index over many versions or keys,
 * one entry of each is read. Counted rows are also sorted as that index is, and selected by ranges of its columns,
 * which do not make the sort redundant. Otherwise PostgreSQL may prefer to read the table, or its ids, until it has
 * found enough.
 */
public final class StatusStore {
    public static final Statements STATEMENTS = new Statements("status");

    private static final String READY = "c.status = 'Ready' AND c.due_at IS NULL AND c.paused = %s AND c.limit_keys %s";
    private static final String UNFINISHED = "c.status IN " + Conditions.UNFINISHED;

    /** How many tasks can be claimed now, up to a bound; tasks with limits are included. */
    public static final Select<Integer, Long> READY_COUNT =
            STATEMENTS.nativeSelect("ready-count", readyCount("0"), readyCount("false"), q -> {
                for (int i = 0; i < 3; i++) {
                    q.bind(DataType.INTEGER, most -> most);
                }
                var count = q.column(DataType.BIGINT);
                return row -> row.get(count);
            });

    /** The bounds of a statement: how many groups it reads, and how many tasks of each. */
    public record Look(int groups, int each) {}

    /**
     * A version that has ready tasks.
     *
     * @param since the earliest time at which one of the first or last tasks in the order of claims became ready
     */
    public record ReadyVersion(String workflow, String version, UniversalTimestamp since) {}

    /** Steps from one version to the next in the index of ready tasks. */
    public static final Select<Look, ReadyVersion> READY_VERSIONS =
            STATEMENTS.nativeSelect("ready-versions", readyVersions("0", true), readyVersions("false", false), q -> {
                q.bind(DataType.INTEGER, Look::groups);
                q.bind(DataType.INTEGER, Look::each);
                q.bind(DataType.INTEGER, Look::each);
                var name = q.column(DataType.TEXT);
                var version = q.column(DataType.TEXT);
                var since = q.column(DataType.TIMESTAMP);
                return row -> new ReadyVersion(row.get(name), row.get(version), row.get(since));
            });

    /**
     * Tasks that are ready under the same combination of limit keys.
     *
     * @param keys a JSON array of texts
     * @param task the task that is first in the order of claims
     * @param waiting how many tasks there are, up to a bound
     * @param since the earliest time at which one of the first tasks in the order of claims became ready
     */
    public record ReadyKeys(
            String workflow,
            String version,
            String keys,
            UniversalUuid task,
            String taskName,
            long waiting,
            UniversalTimestamp since) {}

    /** Steps from one combination of keys to the next in the index of ready tasks with limits. */
    public static final Select<Look, ReadyKeys> READY_KEYS =
            STATEMENTS.nativeSelect("ready-keys", readyKeys("0", true), readyKeys("false", false), q -> {
                q.bind(DataType.INTEGER, Look::groups);
                q.bind(DataType.INTEGER, Look::each);
                q.bind(DataType.INTEGER, Look::each);
                var name = q.column(DataType.TEXT);
                var version = q.column(DataType.TEXT);
                var keys = q.column(DataType.TEXT);
                var task = q.column(DataType.UUID);
                var taskName = q.column(DataType.TEXT);
                var waiting = q.column(DataType.BIGINT);
                var since = q.column(DataType.TIMESTAMP);
                return row -> new ReadyKeys(
                        row.get(name),
                        row.get(version),
                        row.get(keys),
                        row.get(task),
                        row.get(taskName),
                        row.get(waiting),
                        row.get(since));
            });

    public record Version(String workflow, String version) {}

    /** The versions that have unfinished executions: steps from one to the next in the index of these. */
    public static final Select<Integer, Version> UNFINISHED_VERSIONS =
            STATEMENTS.nativeSelect("unfinished-versions", unfinishedVersions(true), unfinishedVersions(false), q -> {
                q.bind(DataType.INTEGER, most -> most);
                var name = q.column(DataType.TEXT);
                var version = q.column(DataType.TEXT);
                return row -> new Version(row.get(name), row.get(version));
            });

    public record OfVersion(String workflow, String version, int most) {}

    /** How many executions of a version are unfinished, up to a bound. */
    public static final Select<OfVersion, Long> UNFINISHED_COUNT = counted(
            "unfinished-count",
            "SELECT 1 FROM pipeline_executions c WHERE " + UNFINISHED
                    + " AND (c.pipeline_name, c.pipeline_version) >= (?, ?)"
                    + " AND (c.pipeline_name, c.pipeline_version) <= (?, ?)"
                    + " ORDER BY c.pipeline_name, c.pipeline_version, c.id LIMIT ?",
            "",
            q -> {
                for (int i = 0; i < 2; i++) {
                    q.bind(DataType.TEXT, OfVersion::workflow);
                    q.bind(DataType.TEXT, OfVersion::version);
                }
                q.bind(DataType.INTEGER, OfVersion::most);
            });

    public record Waiting(WaitKind kind, int most) {}

    /** How many tasks wait for something of a kind, up to a bound. */
    public static final Select<Waiting, Long> WAITING_COUNT = counted(
            "waiting-count",
            "SELECT 1 FROM task_executions c WHERE c.status = 'Waiting' AND c.waits_for >= ? AND c.waits_for <= ?"
                    + " ORDER BY c.waits_for, c.id LIMIT ?",
            "",
            q -> {
                q.bind(DataType.enumText(WaitKind.class), Waiting::kind);
                q.bind(DataType.enumText(WaitKind.class), Waiting::kind);
                q.bind(DataType.INTEGER, Waiting::most);
            });

    /**
     * How many of the tasks that wait for children wait for runs for elements: only those have rows that refer to them.
     */
    public static final Select<Integer, Long> LISTS_COUNT = counted(
            "lists-count",
            "SELECT c.id FROM task_executions c WHERE c.status = 'Waiting' AND c.waits_for >= 'Children'"
                    + " AND c.waits_for <= 'Children' ORDER BY c.waits_for, c.id LIMIT ?",
            " WHERE EXISTS (SELECT 1 FROM task_executions e WHERE e.parent_task_id = found.id AND e.parent_task_id IS NOT NULL)",
            q -> q.bind(DataType.INTEGER, most -> most));

    public static final Select<Integer, Long> PAUSED_COUNT = counted(
            "paused-count",
            "SELECT 1 FROM pipeline_executions c WHERE c.paused_at IS NOT NULL ORDER BY c.paused_at LIMIT ?",
            "",
            q -> q.bind(DataType.INTEGER, most -> most));

    public record Overdue(UniversalTimestamp before, int most) {}

    /** How many tasks were due before a time and are not ready yet, up to a bound. */
    public static final Select<Overdue, Long> OVERDUE_COUNT = counted(
            "overdue-count",
            "SELECT 1 FROM task_executions c WHERE c.due_at IS NOT NULL AND c.due_at < ? ORDER BY c.due_at LIMIT ?",
            "",
            q -> {
                q.bind(DataType.TIMESTAMP, Overdue::before);
                q.bind(DataType.INTEGER, Overdue::most);
            });

    public record Held(UniversalUuid runner, int most) {}

    /** How many tasks a runner has claimed, up to a bound. */
    public static final Select<Held, Long> HELD_COUNT = counted(
            "held-count",
            "SELECT 1 FROM task_executions c WHERE c.claimed_by >= ? AND c.claimed_by <= ?"
                    + " ORDER BY c.claimed_by LIMIT ?",
            "",
            q -> {
                q.bind(DataType.UUID, Held::runner);
                q.bind(DataType.UUID, Held::runner);
                q.bind(DataType.INTEGER, Held::most);
            });

    public record LateSchedule(String name, String workflow, UniversalTimestamp due) {}

    public static final Select<Overdue, LateSchedule> LATE_SCHEDULES = STATEMENTS.select("late-schedules", q -> {
        var s = q.from(CronSchedules::new);
        q.where(s.nextRunAt.isNotNull(), s.nextRunAt.lt(q.arg(Overdue::before)));
        q.orderBy(s.workflowName.asc());
        q.limit(q.arg(Overdue::most));
        return row -> new LateSchedule(
                row.get(s.name),
                row.get(s.workflowName),
                Objects.requireNonNullElse(row.orNull(s.nextRunAt), UniversalTimestamp.MIN));
    });

    /** The times after which something is recent, and how many of the newest executions are read. */
    public record Since(UniversalTimestamp minute, UniversalTimestamp hour, int newest) {}

    /**
     * The newest executions of a workflow: how many were read, and how many of these are recent. Roots are executions
     * that are not children.
     */
    public record Recent(
            String workflow,
            long submittedInMinute,
            long completedInMinute,
            long failedInMinute,
            long submittedInHour,
            long completedInHour,
            long failedInHour,
            long rootsFailedInHour,
            long all) {}

    private static final String RECENT = """
            SELECT n.pipeline_name,
              count(CASE WHEN n.created_at > ? THEN 1 END),
              count(CASE WHEN n.completed_at > ? AND n.status = 'Completed' THEN 1 END),
              count(CASE WHEN n.completed_at > ? AND n.status = 'Failed' THEN 1 END),
              count(CASE WHEN n.created_at > ? THEN 1 END),
              count(CASE WHEN n.completed_at > ? AND n.status = 'Completed' THEN 1 END),
              count(CASE WHEN n.completed_at > ? AND n.status = 'Failed' THEN 1 END),
              count(CASE WHEN n.completed_at > ? AND n.status = 'Failed' AND n.parent_task_id IS NULL THEN 1 END),
              count(*)
            FROM (SELECT e.pipeline_name, e.status, e.created_at, e.completed_at, e.parent_task_id
                  FROM pipeline_executions e ORDER BY e.id DESC LIMIT ?) n
            GROUP BY n.pipeline_name ORDER BY n.pipeline_name""";

    /** The order of ids is the order of age, so the newest executions are found without an index of times. */
    public static final Select<Since, Recent> RECENT_OF = STATEMENTS.nativeSelect("recent", RECENT, RECENT, q -> {
        for (int i = 0; i < 7; i++) {
            boolean isMinute = i < 3;
            q.bind(DataType.TIMESTAMP, since -> isMinute ? since.minute() : since.hour());
        }
        q.bind(DataType.INTEGER, Since::newest);
        var name = q.column(DataType.TEXT);
        var submitted = q.column(DataType.BIGINT);
        var completed = q.column(DataType.BIGINT);
        var failed = q.column(DataType.BIGINT);
        var submittedInHour = q.column(DataType.BIGINT);
        var completedInHour = q.column(DataType.BIGINT);
        var failedInHour = q.column(DataType.BIGINT);
        var rootsFailedInHour = q.column(DataType.BIGINT);
        var all = q.column(DataType.BIGINT);
        return row -> new Recent(
                row.get(name),
                row.get(submitted),
                row.get(completed),
                row.get(failed),
                row.get(submittedInHour),
                row.get(completedInHour),
                row.get(failedInHour),
                row.get(rootsFailedInHour),
                row.get(all));
    });

    /** Facts about the database; -1 for those that a backend does not have. */
    public record Facts(long bytes, long deadRows, long oldestTransactionMillis) {}

    /** SQLite leaves no dead rows, and its only write transaction cannot be observed from outside. */
    public static final Select<NoArgument, Facts> FACTS = STATEMENTS.nativeSelect(
            "facts",
            "SELECT (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size()), -1, -1",
            "SELECT pg_database_size(current_database()),"
                    + " (SELECT CAST(coalesce(sum(n_dead_tup), 0) AS bigint) FROM pg_stat_user_tables"
                    + " WHERE schemaname = current_schema()),"
                    + " (SELECT CAST(coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) * 1000 AS bigint)"
                    + " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    + " AND backend_type = 'client backend')",
            q -> {
                var bytes = q.column(DataType.BIGINT);
                var dead = q.column(DataType.BIGINT);
                var oldest = q.column(DataType.BIGINT);
                return row -> new Facts(row.get(bytes), row.get(dead), row.get(oldest));
            });

    private StatusStore() {}

    private static String readyCount(String no) {
        String some = "SELECT * FROM (SELECT 1 FROM task_executions c WHERE %s"
                + " ORDER BY c.pipeline_name, c.pipeline_version, %sc.priority DESC, c.id LIMIT ?) %s";
        return "SELECT count(*) FROM (" + some.formatted(READY.formatted(no, "IS NULL"), "", "free") + " UNION ALL "
                + some.formatted(READY.formatted(no, "IS NOT NULL"), "c.limit_keys, ", "bound") + " LIMIT ?) found";
    }

    /**
     * The first entry of each group, in the order of an index that begins with the columns of the group; each is found
     * from the one before it. PostgreSQL compares rows in the index. SQLite would read all entries of the previous
     * group to skip them. So its statement looks for the next entry with the same first columns, and then with fewer of
     * them; and because SQLite has no LATERAL, a subquery finds an id, and a join the row.
     *
     * @param table a table with a column id
     */
    private static String groups(String table, List<String> columns, String condition, boolean sqlite) {
        String of = String.join(", ", columns);
        String first =
                "SELECT %s FROM " + table + " c WHERE " + condition + "%s ORDER BY " + in("c.", columns) + " LIMIT 1";
        String later = " AND (" + in("c.", columns) + ") > (" + in("g.", columns) + ")";
        return "WITH RECURSIVE g(id, " + of + ", n) AS (SELECT * FROM ("
                + first.formatted("c.id, " + in("c.", columns) + ", 1", "") + ") head UNION ALL SELECT t.id, "
                + in("t.", columns) + ", g.n + 1 FROM g "
                + (sqlite
                        ? "JOIN " + table + " t ON t.id = coalesce(" + nextOnSqlite(first, columns) + ")"
                        : "CROSS JOIN LATERAL (" + first.formatted("c.id, " + in("c.", columns), later) + ") t")
                + " WHERE g.n < ?) ";
    }

    private static String nextOnSqlite(String first, List<String> columns) {
        List<String> found = new ArrayList<>();
        for (int same = columns.size() - 1; same >= 0; same--) {
            StringBuilder after = new StringBuilder();
            for (int i = 0; i <= same; i++) {
                after.append(" AND c.%1$s %2$s g.%1$s".formatted(columns.get(i), i == same ? ">" : "="));
            }
            found.add("(" + first.formatted("c.id", after) + ")");
        }
        return String.join(", ", found);
    }

    private static String in(String alias, List<String> columns) {
        return alias + String.join(", " + alias, columns);
    }

    private static String readyVersions(String no, boolean sqlite) {
        String ready = READY.formatted(no, "IS NULL");
        String ends = "SELECT * FROM (SELECT c.updated_at FROM task_executions c WHERE " + ready
                + " AND c.pipeline_name = g.pipeline_name AND c.pipeline_version = g.pipeline_version"
                + " ORDER BY c.priority %s, c.id %s LIMIT ?) %s";
        return groups("task_executions", List.of("pipeline_name", "pipeline_version"), ready, sqlite)
                + "SELECT g.pipeline_name, g.pipeline_version, (SELECT min(ends.updated_at) FROM ("
                + ends.formatted("DESC", "", "next") + " UNION ALL " + ends.formatted("", "DESC", "last")
                + ") ends) FROM g";
    }

    private static String readyKeys(String no, boolean sqlite) {
        String ready = READY.formatted(no, "IS NOT NULL");
        String next = " FROM task_executions c WHERE " + ready
                + " AND c.pipeline_name = g.pipeline_name AND c.pipeline_version = g.pipeline_version"
                + " AND c.limit_keys = g.limit_keys ORDER BY c.priority DESC, c.id LIMIT ?) next)";
        return groups("task_executions", List.of("pipeline_name", "pipeline_version", "limit_keys"), ready, sqlite)
                + "SELECT g.pipeline_name, g.pipeline_version, g.limit_keys, g.id,"
                + " (SELECT f.task_name FROM task_executions f WHERE f.id = g.id),"
                + " (SELECT count(*) FROM (SELECT 1" + next
                + ", (SELECT min(next.updated_at) FROM (SELECT c.updated_at" + next + " FROM g";
    }

    private static String unfinishedVersions(boolean sqlite) {
        return groups("pipeline_executions", List.of("pipeline_name", "pipeline_version"), UNFINISHED, sqlite)
                + "SELECT g.pipeline_name, g.pipeline_version FROM g";
    }

    private interface Binds<P> {
        void on(NativeBuilder<P> q);
    }

    /** The number of rows that a bounded select finds. */
    private static <P> Select<P, Long> counted(String name, String bounded, String filter, Binds<P> binds) {
        String sql = "SELECT count(*) FROM (" + bounded + ") found" + filter;
        return STATEMENTS.nativeSelect(name, sql, sql, q -> {
            binds.on(q);
            Expression<Long> count = q.column(DataType.BIGINT);
            return row -> row.get(count);
        });
    }
}
