package io.cloacina.schema.database;

import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.type.DataType;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The state of a session that code of the application may change, and that would affect later transactions on it. It is read
 * before a connection is lent, and restored afterwards.
 */
final class SessionState {
    private static final String SEPARATOR = "\u0001";

    /** The settings of the acting role come first, because the others may need its rights. */
    static final List<String> SETTINGS = List.of(
            "session_authorization",
            "role",
            "search_path",
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "transaction_timeout",
            "default_transaction_isolation",
            "default_transaction_read_only",
            "default_transaction_deferrable",
            "synchronous_commit",
            "session_replication_role",
            "row_security",
            "TimeZone",
            "DateStyle",
            "IntervalStyle",
            "bytea_output",
            "standard_conforming_strings",
            "transform_null_equals",
            "extra_float_digits",
            "application_name",
            "work_mem",
            "plan_cache_mode",
            "jit",
            "enable_bitmapscan",
            "enable_hashjoin",
            "enable_indexonlyscan",
            "enable_indexscan",
            "enable_mergejoin",
            "enable_nestloop",
            "enable_seqscan",
            "enable_sort");

    /**
     * The pragmas that can be changed inside a transaction, can be read, and matter. Others cannot be restored either, or end
     * with the transaction.
     */
    static final List<String> PRAGMAS = List.of(
            "query_only",
            "busy_timeout",
            "recursive_triggers",
            "ignore_check_constraints",
            "writable_schema",
            "locking_mode",
            "read_uncommitted",
            "reverse_unordered_selects",
            "trusted_schema",
            "legacy_alter_table",
            "automatic_index",
            "secure_delete",
            "cache_size",
            "journal_size_limit",
            "count_changes",
            "full_column_names",
            "short_column_names");

    private static final String OF_POSTGRES =
            "array_to_string(ARRAY(SELECT coalesce(current_setting(name, true), '') FROM unnest('{"
                    + String.join(",", SETTINGS) + "}'::text[]) AS name), U&'\\0001')";

    private static final String OF_SQLITE = "(SELECT count(*) FROM sqlite_temp_master) || char(1)"
            + " || (SELECT group_concat(name, ' ') FROM pragma_database_list WHERE name <> 'temp')"
            + PRAGMAS.stream()
                    .map(name -> " || char(1) || (SELECT * FROM pragma_" + name + ")")
                    .collect(Collectors.joining());

    /** On PostgreSQL the settings; on SQLite the number of temporary objects, the databases, and the pragmas. */
    static final Select<NoArgument, List<String>> READ =
            Database.OWN_STATEMENTS.nativeSelect("session-state", "SELECT " + OF_SQLITE, "SELECT " + OF_POSTGRES, q -> {
                var state = q.column(DataType.TEXT);
                return row -> split(row.get(state));
            });

    /** What is read from a connection of PostgreSQL when it is taken back. */
    record Returned(boolean isSameTransaction, List<String> settings, boolean hasTemporary) {}

    private static final String WAITS =
            "SELECT set_config('lock_timeout', ?, true) || set_config('statement_timeout', '0', true)";

    /** Makes PostgreSQL find rows by keys, and plan each statement once. */
    private static final List<Map.Entry<String, String>> BY_KEYS = List.of(
            Map.entry("enable_seqscan", "off"),
            Map.entry("enable_hashjoin", "off"),
            Map.entry("enable_mergejoin", "off"),
            Map.entry("jit", "off"),
            Map.entry("plan_cache_mode", "force_generic_plan"));

    private static final String SET_BY_KEYS = BY_KEYS.stream()
            .map(each -> "set_config('" + each.getKey() + "', '" + each.getValue() + "', true)")
            .collect(Collectors.joining(" || "));

    /** Ends the settings of {@link #SHORT_STATEMENTS} for plans in a transaction. */
    static final String LONG_STATEMENTS = BY_KEYS.stream()
            .map(each -> "SET LOCAL " + each.getKey() + " TO DEFAULT")
            .collect(Collectors.joining("; "));

    /**
     * Reads in one statement from a connection of PostgreSQL that is taken back: whether it is in the transaction in which
     * {@link #MARK} was run, its settings, and whether it has temporary tables, which hide tables with the same names. Also
     * releases the locks of the session and removes the statement timeout. If the argument is not empty, makes the transaction
     * one of {@linkplain #SHORT_STATEMENTS short statements} with that limit for lock waits.
     */
    static final Select<String, Returned> TAKE_BACK = Database.OWN_STATEMENTS.nativeSelect(
            "take-back",
            "SELECT 1, ? || ?, 0",
            "SELECT s.is_same AND length(pg_advisory_unlock_all()::text || set_config('statement_timeout', '0', true)"
                    + " || set_config('lock_timeout', coalesce(nullif(?, ''), current_setting('lock_timeout')), true)"
                    + " || CASE WHEN ? = '' THEN '' ELSE " + SET_BY_KEYS + " END) > 0,"
                    + " s.settings, s.has_temporary"
                    + " FROM (SELECT coalesce(current_setting('cloacina.transaction', true), '') = 'lent' AS is_same, "
                    + OF_POSTGRES + " AS settings, pg_my_temp_schema() <> 0 AS has_temporary OFFSET 0) AS s",
            q -> {
                q.bind(DataType.TEXT, time -> time);
                q.bind(DataType.TEXT, time -> time);
                var isSame = q.column(DataType.BOOL);
                var settings = q.column(DataType.TEXT);
                var hasTemporary = q.column(DataType.BOOL);
                return row -> new Returned(
                        row.get(isSame).value(),
                        split(row.get(settings)),
                        row.get(hasTemporary).value());
            });

    /**
     * Limits how long statements wait for locks until the transaction ends; the argument is a time in PostgreSQL's form.
     * Removes the statement timeout, because a time limit for all statements of a role is meant for those that may run for
     * long.
     */
    static final Select<String, String> LOCK_WAIT = waits("lock-wait", WAITS);

    /**
     * The same for a transaction of short statements, which find their rows by keys. Otherwise a planner that assumes
     * an empty table, because it was empty when it was last analyzed, would read the whole table for each set, and lock
     * rows in their physical order. A plan without a key would seem so costly that it would be compiled first, which
     * takes long. With keys, a plan does not depend on the values; without a generic plan, a statement over arrays,
     * which seems cheaper to PostgreSQL when it knows their length, would be planned for each set.
     */
    static final Select<String, String> SHORT_STATEMENTS = waits("short-statements", WAITS + " || " + SET_BY_KEYS);

    private static Select<String, String> waits(String name, String postgres) {
        return Database.OWN_STATEMENTS.nativeSelect(name, "SELECT ?", postgres, q -> {
            q.bind(DataType.TEXT, time -> time);
            var set = q.column(DataType.TEXT);
            return row -> row.get(set);
        });
    }

    /**
     * Sets the value of a setting of PostgreSQL, given the value and the name, if the session has changed it; for the role and
     * the session authorization, that cannot be seen.
     */
    static final String SET_BACK = "SELECT set_config(name, wanted, false) FROM (SELECT ? AS wanted, ? AS name) AS s"
            + " WHERE name IN ('role', 'session_authorization')"
            + " OR EXISTS (SELECT FROM pg_settings AS p WHERE p.name = s.name AND p.source = 'session')";

    /** Marks a transaction of PostgreSQL. It takes no snapshot, so the isolation of the transaction can still be set. */
    static final String MARK = "SET LOCAL cloacina.transaction = 'lent'";

    private SessionState() {}

    private static List<String> split(String state) {
        return List.of(state.split(SEPARATOR, -1));
    }
}
