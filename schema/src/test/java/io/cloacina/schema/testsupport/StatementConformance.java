package io.cloacina.schema.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;

/** Checks statements against a live database that has the tables: no row is touched. */
public final class StatementConformance {
    /** The names that PostgreSQL's driver has for the types; a number may be taken as one that is wider. */
    private static final Map<String, Set<String>> POSTGRES_TYPES = Map.of(
            "uuid", Set.of("uuid"),
            "timestamp", Set.of("timestamp"),
            "boolean", Set.of("bool"),
            "binary", Set.of("bytea"),
            "text", Set.of("text"),
            "json", Set.of("text"),
            "enum", Set.of("text"),
            "integer", Set.of("int4", "int8"),
            "bigint", Set.of("int8"));

    private final TestDatabase test;
    private final Database database;

    private StatementConformance(TestDatabase test, Database database) {
        this.test = test;
        this.database = database;
    }

    /** For a database that has its tables. */
    public static StatementConformance on(TestDatabase test, Database database) {
        return new StatementConformance(test, database);
    }

    /** Every statement prepares, and the types of its parameters and columns are those that its codecs expect. */
    public void prepares(Statements... catalogs) throws SQLException {
        SoftAssertions all = new SoftAssertions();
        try (Connection connection = test.jdbc()) {
            for (Statements catalog : catalogs) {
                assertThat(catalog.all()).isNotEmpty();
                for (Statement<?, ?> statement : catalog.all()) {
                    all.assertThatCode(() -> prepares(connection, statement)).doesNotThrowAnyException();
                }
            }
        }
        all.assertAll();
    }

    /** No table is read from its first row to its last. */
    public void usesIndexes(Statement<?, ?>... hot) throws SQLException {
        try (Connection connection = test.jdbc()) {
            for (Statement<?, ?> statement : hot) {
                String plan = plan(connection, statement.composed(database.dialect()));
                assertThat(plan)
                        .as("plan of %s", statement)
                        .contains(database.backend() == Backend.SQLITE ? "INDEX" : "Index")
                        .doesNotContain("Seq Scan");
                // SQLite says SCAN t USING INDEX where it reads a partial index in its order: that is what it is for.
                assertThat(plan.lines().filter(line -> line.startsWith("SCAN") && !line.contains(" INDEX ")))
                        .as("full scans in the plan of %s: %s", statement, plan)
                        .isEmpty();
            }
        }
    }

    /**
     * Where a statement reads a table or an index from its first row to its last and no LIMIT ends that: lines of its plan;
     * none for one that is bounded by an index.
     */
    public List<String> unbounded(Statement<?, ?> statement) throws SQLException {
        Composed<?, ?> composed = statement.composed(database.dialect());
        boolean isLimited = composed.sql().contains("LIMIT");
        try (Connection connection = test.jdbc()) {
            List<String> plan = database.backend() == Backend.SQLITE
                    ? plan(connection, composed).lines().toList()
                    : planForAnyValues(connection, composed);
            return IntStream.range(0, plan.size())
                    .filter(i -> isWhole(plan, i, isLimited))
                    .mapToObj(plan::get)
                    .toList();
        }
    }

    private boolean isWhole(List<String> plan, int index, boolean isLimited) {
        String line = plan.get(index);
        if (database.backend() == Backend.SQLITE) {
            // What was found before is not a table.
            boolean isFound = line.matches("SCAN (CONSTANT ROW|[0-9]+ CONSTANT ROWS|.* VIRTUAL TABLE .*|sqlite_master)")
                    || plan.contains(line.replace("SCAN ", "CO-ROUTINE "))
                    || plan.contains(line.replace("SCAN ", "MATERIALIZE "));
            return line.startsWith("SCAN ") && !isFound && !(isLimited && line.contains(" INDEX "));
        }
        boolean isSearched = index + 1 < plan.size() && plan.get(index + 1).contains("Index Cond");
        return line.matches(".*Seq Scan on (?!pg_).*")
                || (line.matches(".*Index (Only )?Scan.* on (?!pg_).*") && !isSearched && !isLimited);
    }

    /** PostgreSQL would plan with the values, and with NULL for them nothing at all. */
    private static List<String> planForAnyValues(Connection connection, Composed<?, ?> composed) throws SQLException {
        StringBuilder sql = new StringBuilder();
        int parameters = 0;
        for (char c : composed.sql().toCharArray()) {
            sql.append(c == '?' ? "$" + ++parameters : String.valueOf(c));
        }
        List<String> lines = new ArrayList<>();
        try (java.sql.Statement explained = connection.createStatement()) {
            explained.execute("SET enable_seqscan = off");
            explained.execute("SET plan_cache_mode = force_generic_plan");
            explained.execute("PREPARE asked AS " + sql);
            String values = parameters == 0 ? "" : "(" + "NULL, ".repeat(parameters - 1) + "NULL)";
            try (ResultSet rows = explained.executeQuery("EXPLAIN EXECUTE asked" + values)) {
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
            }
        }
        return lines;
    }

    private void prepares(Connection connection, Statement<?, ?> statement) throws SQLException {
        Composed<?, ?> composed = statement.composed(database.dialect());
        try (PreparedStatement prepared = connection.prepareStatement(composed.sql())) {
            ParameterMetaData parameters = prepared.getParameterMetaData();
            assertThat(parameters.getParameterCount())
                    .as("parameters of %s", statement)
                    .isEqualTo(composed.parameterTypes().size());
            ResultSetMetaData columns = prepared.getMetaData();
            if (!composed.resultTypes().isEmpty()) {
                assertThat(columns.getColumnCount())
                        .as("columns of %s", statement)
                        .isEqualTo(composed.resultTypes().size());
            }
            for (int i = 0; i < composed.resultTypes().size(); i++) {
                requireType(statement, "column", i, composed.resultTypes().get(i), columns.getColumnTypeName(i + 1));
            }
            if (database.backend() == Backend.POSTGRES) {
                for (int i = 0; i < composed.parameterTypes().size(); i++) {
                    requireType(
                            statement,
                            "parameter",
                            i,
                            composed.parameterTypes().get(i),
                            parameters.getParameterTypeName(i + 1));
                }
            }
        }
    }

    private void requireType(Statement<?, ?> statement, String what, int index, DataType<?> type, String found) {
        Set<String> expected = database.backend() == Backend.POSTGRES
                ? POSTGRES_TYPES.getOrDefault(type.name(), Set.of())
                : sqliteTypes(type);
        assertThat(expected)
                .as("%s %d of %s: %s", what, index + 1, statement, type)
                .contains(found);
    }

    /** Of an expression SQLite declares nothing, which the driver calls NUMERIC or by the type of a value. */
    private static Set<String> sqliteTypes(DataType<?> type) {
        return Set.of(type.codec(Backend.SQLITE).declaration(), "NUMERIC", "");
    }

    private String plan(Connection connection, Composed<?, ?> composed) throws SQLException {
        List<String> lines = new ArrayList<>();
        boolean sqlite = database.backend() == Backend.SQLITE;
        if (!sqlite) {
            try (java.sql.Statement setting = connection.createStatement()) {
                // Tables of a test are empty: the planner would read them whole because that is cheapest.
                setting.execute("SET enable_seqscan = off");
            }
        }
        String explain = sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
        try (PreparedStatement explained = connection.prepareStatement(explain + composed.sql())) {
            for (int i = 0; i < composed.parameterTypes().size(); i++) {
                bindSample(explained, i + 1, composed.parameterTypes().get(i));
            }
            try (ResultSet rows = explained.executeQuery()) {
                while (rows.next()) {
                    lines.add(rows.getString(sqlite ? "detail" : "QUERY PLAN"));
                }
            }
        }
        return String.join("\n", lines);
    }

    private <V> void bindSample(PreparedStatement statement, int index, DataType<V> type) throws SQLException {
        type.codec(database.backend()).bind(statement, index, type.sample());
    }
}
