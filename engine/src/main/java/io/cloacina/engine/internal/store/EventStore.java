package io.cloacina.engine.internal.store;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.schema.migration.OptionalIndexes;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** The statements that read the stream of events from the rows of executions and tasks. */
public final class EventStore {
    public static final Statements STATEMENTS = new Statements("events");

    /** The indexes that these statements need. */
    public static final List<String> INDEXES = OptionalIndexes.names(CloacinaSchema.SCHEMA);

    private static final String NAMES =
            INDEXES.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "(", ")"));

    /**
     * Until when the rows are complete.
     *
     * @param indexes how many of {@link #INDEXES} exist
     * @param oldestMicros for how long the oldest transaction is open that may still store rows with earlier times; 0
     *     if there is none
     * @param unseen how many transactions of other roles have changed the tables, and do not show when they began
     */
    public record Completeness(int indexes, long oldestMicros, int unseen) {}

    /**
     * On SQLite only one transaction writes, so inside of one there cannot be another. On PostgreSQL the locks of a
     * transaction show that it has changed rows of the tables, or is about to, whatever its role. A transaction that is
     * idle counts as well: it may have read the time that it will store.
     */
    public static final Select<NoArgument, Completeness> COMPLETENESS = STATEMENTS.nativeSelect(
            "completeness",
            "SELECT (SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name IN " + NAMES + "), 0, 0",
            "WITH holders AS (SELECT DISTINCT pid FROM pg_locks WHERE locktype = 'relation'"
                    + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                    + " AND relation IN (to_regclass('pipeline_executions'), to_regclass('task_executions'))"
                    + " AND mode IN ('RowShareLock', 'RowExclusiveLock') AND pid IS DISTINCT FROM pg_backend_pid())"
                    + " SELECT (SELECT CAST(count(*) AS integer) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                    + " WHERE c.relname IN " + NAMES + " AND i.indisvalid AND pg_table_is_visible(c.oid)),"
                    + " (SELECT CAST(coalesce(max(extract(epoch FROM clock_timestamp() - a.xact_start)), 0) * 1000000"
                    + " AS bigint) FROM pg_stat_activity a WHERE a.datname = current_database()"
                    + " AND a.pid <> pg_backend_pid()"
                    + " AND (a.state LIKE 'idle in transaction%' OR a.pid IN (SELECT h.pid FROM holders h))),"
                    + " (SELECT CAST(count(*) AS integer) FROM holders h LEFT JOIN pg_stat_activity a ON a.pid = h.pid"
                    + " WHERE h.pid IS NULL"
                    + " OR (a.pid IS NOT NULL AND a.xact_start IS NULL AND coalesce(a.state, 'disabled') = 'disabled'))",
            q -> {
                var indexes = q.column(DataType.INTEGER);
                var oldest = q.column(DataType.BIGINT);
                var unseen = q.column(DataType.INTEGER);
                return row -> new Completeness(row.get(indexes), row.get(oldest), row.get(unseen));
            });

    /** The kinds of events, in their order within an instant: 0 submission, 1 end of a task, 2 end of an execution. */
    private static final int KINDS = 3;

    /** The part of the stream after a cursor and before a time, with at most that many events. */
    public record Span(EventCursor after, UniversalTimestamp before, int limit) {
        private String[] parts() {
            return after.toString().split("_");
        }

        UniversalTimestamp at() {
            return UniversalTimestamp.parse(parts()[0]);
        }

        /** The id after which the events of a kind begin that have the instant of the cursor. */
        UniversalUuid idOf(int kind) {
            int reached = Integer.parseInt(parts()[1]);
            if (kind == reached) {
                return UniversalUuid.parse(parts()[2]);
            }
            return kind < reached ? UniversalUuid.MAX : UniversalUuid.NIL;
        }
    }

    private static final String SUBMITTED =
            "SELECT 0 AS kind, e.id AS id, e.id AS execution, e.pipeline_name AS name, e.pipeline_version AS version,"
                    + " '' AS task, 'Pending' AS status, 'Ready' AS task_status, e.priority AS number,"
                    + " e.created_at AS since, e.created_at AS at FROM pipeline_executions e"
                    + " WHERE (e.created_at, e.id) > (?, ?) AND e.created_at < ? ORDER BY e.created_at, e.id LIMIT ?";

    private static final String TASKS_ENDED =
            "SELECT 1, t.id, t.pipeline_execution_id, t.pipeline_name, t.pipeline_version, t.task_name, 'Pending',"
                    + " t.status, t.attempt - coalesce(t.waits, 0), t.created_at, t.completed_at FROM task_executions t"
                    + " WHERE t.completed_at IS NOT NULL AND (t.completed_at, t.id) > (?, ?) AND t.completed_at < ?"
                    + " ORDER BY t.completed_at, t.id LIMIT ?";

    private static final String ENDED =
            "SELECT 2, c.id, c.id, c.pipeline_name, c.pipeline_version, '', c.status, 'Ready', c.priority, c.created_at,"
                    + " c.completed_at FROM pipeline_executions c"
                    + " WHERE c.completed_at IS NOT NULL AND (c.completed_at, c.id) > (?, ?) AND c.completed_at < ?"
                    + " ORDER BY c.completed_at, c.id LIMIT ?";

    private static final String EVENTS = "SELECT kind, id, execution, name, version, task, status, task_status, number,"
            + " since, at FROM (SELECT * FROM (" + SUBMITTED + ") submitted UNION ALL SELECT * FROM (" + TASKS_ENDED
            + ") tasks UNION ALL SELECT * FROM (" + ENDED + ") ended) events ORDER BY at, kind, id LIMIT ?";

    /** Reads three indexes in their order, and merges the first entries of each. */
    public static final Select<Span, StoredEvent> PAGE = STATEMENTS.nativeSelect("page", EVENTS, EVENTS, q -> {
        for (int each = 0; each < KINDS; each++) {
            int of = each;
            q.bind(DataType.TIMESTAMP, Span::at);
            q.bind(DataType.UUID, span -> span.idOf(of));
            q.bind(DataType.TIMESTAMP, Span::before);
            q.bind(DataType.INTEGER, Span::limit);
        }
        q.bind(DataType.INTEGER, Span::limit);
        var kind = q.column(DataType.INTEGER);
        var id = q.column(DataType.UUID);
        var execution = q.column(DataType.UUID);
        var name = q.column(DataType.TEXT);
        var version = q.column(DataType.TEXT);
        var task = q.column(DataType.TEXT);
        var status = q.column(DataType.enumText(ExecutionStatus.class));
        var taskStatus = q.column(DataType.enumText(TaskStatus.class));
        var number = q.column(DataType.INTEGER);
        var since = q.column(DataType.TIMESTAMP);
        var at = q.column(DataType.TIMESTAMP);
        return row -> {
            UUID of = row.get(execution).value();
            EventCursor cursor = EventCursor.parse(row.get(at) + "_" + row.get(kind) + "_" + row.get(id));
            Instant when = row.get(at).toInstant();
            return switch (row.get(kind)) {
                case 0 ->
                    new StoredEvent.ExecutionSubmitted(
                            of, row.get(name), row.get(version), row.get(number), when, cursor);
                case 1 ->
                    new StoredEvent.TaskEnded(
                            of,
                            row.get(name),
                            row.get(version),
                            row.get(task),
                            row.get(taskStatus),
                            row.get(number),
                            when,
                            cursor);
                default ->
                    new StoredEvent.ExecutionEnded(
                            of,
                            row.get(name),
                            row.get(version),
                            row.get(status),
                            row.get(since).toInstant(),
                            when,
                            cursor);
            };
        };
    });

    /** The ends of executions only, from one index. */
    public static final Select<Span, StoredEvent.ExecutionEnded> ENDS =
            STATEMENTS.nativeSelect("ends", ENDED, ENDED, q -> {
                q.bind(DataType.TIMESTAMP, Span::at);
                q.bind(DataType.UUID, span -> span.idOf(2));
                q.bind(DataType.TIMESTAMP, Span::before);
                q.bind(DataType.INTEGER, Span::limit);
                q.column(DataType.INTEGER);
                var id = q.column(DataType.UUID);
                q.column(DataType.UUID);
                var name = q.column(DataType.TEXT);
                var version = q.column(DataType.TEXT);
                q.column(DataType.TEXT);
                var status = q.column(DataType.enumText(ExecutionStatus.class));
                q.column(DataType.TEXT);
                q.column(DataType.INTEGER);
                var since = q.column(DataType.TIMESTAMP);
                var at = q.column(DataType.TIMESTAMP);
                return row -> new StoredEvent.ExecutionEnded(
                        row.get(id).value(),
                        row.get(name),
                        row.get(version),
                        row.get(status),
                        row.get(since).toInstant(),
                        row.get(at).toInstant(),
                        EventCursor.parse(row.get(at) + "_2_" + row.get(id)));
            });

    private EventStore() {}
}
