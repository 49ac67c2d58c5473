package io.cloacina.testing;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import io.cloacina.schema.type.Backend;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * With the property {@value #PROPERTY}, tests run on PostgreSQL only, and its databases lack what others that speak its protocol
 * do: notifications are taken and never delivered, and of so many transactions that write, as the property says, one fails with
 * 40001, at one of its first statements or at its commit. The server does that itself, so that nothing between it and the engine
 * is another than usual. Found by JUnit, as {@code junit-platform.properties} says.
 */
public final class LackingDatabases implements BeforeAllCallback, ExecutionCondition {
    /** Of how many transactions that write one is lost. */
    public static final String PROPERTY = "cloacina.test.lacking";

    private static final int NOT_LACKING = 0;

    /**
     * With its first statement a transaction learns its lot: 0 is to be let alone, 1 to 3 to lose that statement of it, 4 its
     * commit. A sequence continues when a transaction is lost, so the next try has another lot.
     */
    private static final String LOSE_STATEMENT = """
            DECLARE
              lot text := current_setting('lacking.lot', true);
              number bigint;
            BEGIN
              IF lot IS NULL OR lot = '' THEN
                number := nextval('lacking.transactions');
                lot := CASE WHEN number %% %d = 0 THEN 1 + number / %d %% 4 ELSE 0 END;
              ELSIF lot IN ('2', '3') THEN
                lot := lot::int - 1;
              END IF;
              PERFORM set_config('lacking.lot', lot, true);
              IF lot = '1' THEN
                RAISE EXCEPTION 'could not serialize access, on purpose' USING ERRCODE = '40001';
              END IF;
              RETURN NULL;
            END""";

    private static final String LOSE_COMMIT = """
            BEGIN
              IF current_setting('lacking.lot', true) = '4' THEN
                RAISE EXCEPTION 'could not serialize access, on purpose' USING ERRCODE = '40001';
              END IF;
              RETURN NULL;
            END""";

    private static final String TRIGGERS = "it finds the triggers, by which transactions are lost, in the tables";

    private static final String OWN =
            "transactions of the application itself are lost too, and the test does not run them again";

    /** Tests that are left out, and why. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "neither_schema_takes_the_other_for_a_difference",
            TRIGGERS,
            "the_stream_is_off_until_it_is_enabled_and_the_schema_is_as_defined_either_way",
            TRIGGERS,
            "transactions_of_the_application_and_tasks_take_turns",
            OWN,
            "what_a_submission_carries_is_seen_around_every_body_also_of_a_batch_a_transaction_and_a_restart",
            OWN,
            "a_schedule_that_it_puts_is_fired_by_others_at_once",
            "without notifications it is found by polling");

    private static boolean isMade;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (everySoMany() == NOT_LACKING) {
            return enabled("nothing is lacking");
        }
        String why =
                context.getTestMethod().map(Method::getName).map(LEFT_OUT::get).orElse(null);
        if (why != null) {
            return disabled(why);
        }
        return context.getDisplayName().equals(Backend.SQLITE.label())
                ? disabled("what is lacking is of PostgreSQL")
                : enabled("it is to be the same with what is lacking");
    }

    @Override
    public void beforeAll(ExtensionContext context) throws SQLException {
        synchronized (LackingDatabases.class) {
            if (everySoMany() > NOT_LACKING && !isMade) {
                // New databases are copies of this one.
                try (Connection template =
                        DriverManager.getConnection(PostgresServer.forTests().jdbcUrl("template1"))) {
                    make(template, everySoMany());
                }
                isMade = true;
            }
        }
    }

    private static int everySoMany() {
        return Integer.getInteger(PROPERTY, NOT_LACKING);
    }

    /** Makes a database lack that; it has its tables. */
    public static void make(Connection connection, int everySoMany) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // One that is built in is called whatever is declared instead of it, so another one takes its name.
            statement.execute("ALTER FUNCTION pg_catalog.pg_notify(text, text) RENAME TO pg_notify_of_old");
            statement.execute("CREATE FUNCTION pg_catalog.pg_notify(text, text) RETURNS void LANGUAGE sql AS 'SELECT'");
            statement.execute("CREATE SCHEMA lacking");
            statement.execute("CREATE SEQUENCE lacking.transactions");
            statement.execute(function("statement", LOSE_STATEMENT.formatted(everySoMany, everySoMany)));
            statement.execute(function("commit", LOSE_COMMIT));
            for (String table : tables(statement)) {
                statement.execute("CREATE TRIGGER lacking BEFORE INSERT OR UPDATE OR DELETE ON " + table
                        + " FOR EACH STATEMENT EXECUTE FUNCTION lacking.lose_statement()");
                statement.execute("CREATE CONSTRAINT TRIGGER lacking_commit AFTER INSERT OR UPDATE ON " + table
                        + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lacking.lose_commit()");
            }
        }
    }

    private static String function(String loses, String body) {
        return "CREATE FUNCTION lacking.lose_" + loses + "() RETURNS trigger LANGUAGE plpgsql AS $$ " + body + " $$";
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet found = statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                + " AND tablename <> 'schema_migrations'")) {
            while (found.next()) {
                tables.add(found.getString(1));
            }
        }
        return tables;
    }
}
