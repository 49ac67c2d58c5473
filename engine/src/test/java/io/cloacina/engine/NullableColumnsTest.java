package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.store.Stores;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.Backend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A nullable column that no statement writes, or that none reads, is missed by no other check: an insert need not name it. So for
 * each, one INSERT or UPDATE at least sets it to something that is not NULL, and one list of a SELECT or RETURNING has it.
 */
class NullableColumnsTest {
    /** Which columns no statement lists, with the reason. */
    private static final Map<String, String> NEVER_READ = Map.of(
            "pipeline_executions.last_recovery_at",
            "for people who read the table; the engine reads the times of all recoveries in recovery_events",
            "task_executions.last_recovery_at",
            "for people who read the table; the engine reads the times of all recoveries in recovery_events",
            "recovery_events.task_execution_id",
            "the relation to the task: statements join by it, and read the name of the task",
            "bulk_operations.idempotency_key",
            "statements find an operation by it");

    /** A table that a statement names, and perhaps its alias. */
    private static final Pattern TABLE =
            Pattern.compile("(?:\\b(?:FROM|JOIN|UPDATE|INTO)|,) +([a-z_]+)\\b(?: AS)?(?: ([a-z]\\w*))?");

    private static final Pattern INSERT =
            Pattern.compile("^INSERT INTO ([a-z_]+) \\(([^)]*)\\) (?:VALUES \\(|SELECT )");
    private static final Pattern SET = Pattern.compile("\\bUPDATE (?:([a-z_]+) )?SET ");
    private static final Pattern ASSIGNMENT = Pattern.compile("([a-z_]+) = (.*)", Pattern.DOTALL);
    private static final Pattern LIST = Pattern.compile("\\b(?:SELECT|RETURNING)\\b");
    private static final Pattern NAME = Pattern.compile("(?:\\b(\\w+)\\.)?\\b([a-z_]+)\\b");

    private static final Pattern END = Pattern.compile("\\s(?:FROM|WHERE|RETURNING|ON CONFLICT|UNION|ORDER BY)\\b");

    private static final Set<String> TABLES =
            CloacinaSchema.SCHEMA.tables().stream().map(Table::tableName).collect(Collectors.toSet());

    private final Set<String> set = new TreeSet<>();
    private final Set<String> read = new TreeSet<>();

    @ParameterizedTest
    @EnumSource
    void each_nullable_column_is_set_and_read_by_a_statement(Backend backend) {
        Stores.STATEMENTS.stream()
                .flatMap(catalog -> catalog.all().stream())
                .map(statement -> statement.composed(Dialect.of(backend)).sql())
                .forEach(this::note);

        assertThat(nullable().filter(column -> !set.contains(column)))
                .as("nullable columns that no INSERT or UPDATE sets")
                .isEmpty();
        assertThat(nullable().filter(column -> !read.contains(column)))
                .as("nullable columns that no SELECT or RETURNING lists")
                .containsExactlyInAnyOrderElementsOf(NEVER_READ.keySet());
    }

    private static Stream<String> nullable() {
        return CloacinaSchema.SCHEMA.tables().stream()
                .flatMap(table -> table.columns().stream())
                .filter(NullableColumn.class::isInstance)
                .map(column -> column.table().tableName() + "." + column.name());
    }

    private void note(String sql) {
        Matcher insert = INSERT.matcher(sql);
        if (insert.find()) {
            List<String> values = parts(sql, insert.end());
            List<String> columns = List.of(insert.group(2).split(", ", -1));
            for (int i = 0; i < columns.size(); i++) {
                noteSet(insert.group(1), columns.get(i), values.get(i));
            }
        }
        for (Matcher update = SET.matcher(sql); update.find(); ) {
            String table = update.group(1) == null ? insert.group(1) : update.group(1);
            for (String part : parts(sql, update.end())) {
                Matcher assignment = ASSIGNMENT.matcher(part);
                assertThat(assignment.matches())
                        .as("assignment %s of %s", part, sql)
                        .isTrue();
                noteSet(table, assignment.group(1), assignment.group(2));
            }
        }
        Map<String, String> tables = tables(sql);
        for (Matcher list = LIST.matcher(sql); list.find(); ) {
            String selected = String.join(", ", parts(sql, list.end()));
            for (Matcher name = NAME.matcher(selected); name.find(); ) {
                if (name.group(1) != null) {
                    read.add(tables.getOrDefault(name.group(1), "") + "." + name.group(2));
                } else {
                    tables.values().forEach(table -> read.add(table + "." + name.group(2)));
                }
            }
        }
    }

    private void noteSet(String table, String column, String value) {
        if (!value.equals("NULL")) {
            set.add(table + "." + column);
        }
    }

    /** The tables of a statement by their names and by their aliases. */
    private static Map<String, String> tables(String sql) {
        Map<String, String> tables = new HashMap<>();
        for (Matcher table = TABLE.matcher(sql); table.find(); ) {
            if (TABLES.contains(table.group(1))) {
                tables.put(table.group(1), table.group(1));
                if (table.group(2) != null) {
                    tables.put(table.group(2), table.group(1));
                }
            }
        }
        return tables;
    }

    /** The elements of the list that begins there, up to the clause or the parenthesis that ends it. */
    private static List<String> parts(String sql, int begin) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = begin;
        int at = begin;
        for (; at < sql.length(); at++) {
            char c = sql.charAt(at);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0
                    || (depth == 0 && END.matcher(sql).region(at, sql.length()).lookingAt())) {
                break;
            }
            if (depth == 0 && c == ',') {
                parts.add(sql.substring(from, at).strip());
                from = at + 1;
            }
        }
        parts.add(sql.substring(from, at).strip());
        return parts;
    }
}
