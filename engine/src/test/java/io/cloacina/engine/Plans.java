package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.PayloadForm;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a database runs a statement on the rows that are there, with the planner as it is. */
final class Plans {
    /** What a node of PostgreSQL's plan has really done. */
    private static final Pattern DONE = Pattern.compile("actual.* rows=([0-9.]+) loops=([0-9]+)");

    private static final Pattern REMOVED = Pattern.compile("Rows Removed by .*: ([0-9]+)");

    private Plans() {}

    /** A statement with an argument for it. */
    record Case<P>(Statement<P, ?> statement, P argument) {}

    /** It reads a few rows for each that it takes, whatever else there is. */
    static <P> void assertFrugal(TestDatabase test, Database database, Case<P> each, int takes) throws SQLException {
        String plan = of(test, database, each);
        if (test.backend() == Backend.SQLITE) {
            // SCAN of an index is a walk in its order that ends at the limit; of a table it is all of it.
            assertThat(plan.lines().filter(line -> line.matches("SCAN (t[0-9]*|ready|due|e|m|c|s)( .*)?")))
                    .as(plan)
                    .allMatch(line -> line.contains(" INDEX "));
            assertThat(plan).as("sorts nothing of it").doesNotContain("TEMP B-TREE FOR ORDER BY");
            assertThat(plan).contains("INDEX");
            return;
        }
        assertThat(plan).doesNotContain("Seq Scan on task_executions", "Seq Scan on cron_schedules");
        for (String line : plan.lines().toList()) {
            Matcher done = DONE.matcher(line);
            if (line.contains("Scan") && done.find()) {
                assertThat(Double.parseDouble(done.group(1)) * Integer.parseInt(done.group(2)))
                        .as(plan)
                        .isLessThanOrEqualTo(takes * 2.0);
            }
            Matcher removed = REMOVED.matcher(line);
            if (removed.find()) {
                assertThat(Integer.parseInt(removed.group(1))).as(plan).isLessThanOrEqualTo(takes * 2);
            }
        }
    }

    /** PostgreSQL runs it for that, in a transaction that is rolled back. */
    static <P> String of(TestDatabase test, Database database, Case<P> each) throws SQLException {
        boolean sqlite = test.backend() == Backend.SQLITE;
        Composed<P, ?> composed = each.statement().composed(database.dialect());
        List<String> lines = new ArrayList<>();
        try (Connection connection = test.jdbc()) {
            connection.setAutoCommit(false);
            if (!sqlite) {
                try (java.sql.Statement trigger = connection.createStatement()) {
                    // The runner of the claim does not exist: only the plan is of interest.
                    trigger.execute("SET CONSTRAINTS ALL DEFERRED");
                    trigger.execute("SET session_replication_role = replica");
                }
            }
            try (PreparedStatement explained = connection.prepareStatement(
                    (sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN (ANALYZE, TIMING OFF) ") + composed.sql())) {
                composed.bind(explained, each.argument(), PayloadForm.PLAIN);
                try (ResultSet rows = explained.executeQuery()) {
                    while (rows.next()) {
                        lines.add(rows.getString(sqlite ? "detail" : "QUERY PLAN"));
                    }
                }
            }
            connection.rollback();
        }
        return String.join("\n", lines);
    }
}
