package io.cloacina.schema.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks which product speaks the protocol of PostgreSQL. Several other databases do and would seem to work at first, but
 * limits rely on advisory locks, which such products lack or have for one node only.
 */
final class PostgresProduct {
    static final int OLDEST = 15;

    /** As PostgreSQL itself writes it; distributions add text after the number. */
    private static final Pattern OWN =
            Pattern.compile("PostgreSQL (\\d+)(?:\\.\\d+)*(?:devel|beta\\d+|rc\\d+)?(?=[ ,]|$).*");

    /** Products whose version begins like that of PostgreSQL. */
    private static final List<String> OTHERS = List.of(
            "Redshift",
            "Greenplum",
            "Cloudberry",
            "YugabyteDB",
            "Materialize",
            "RisingWave",
            "QuestDB",
            "openGauss",
            "GaussDB",
            "HAWQ");

    /** SQLStates for an undefined or unsupported function. */
    private static final Set<String> NO_SUCH_FUNCTION = Set.of("42883", "0A000");

    /**
     * Takes a shared lock until the transaction ends, so that several processes can do this at once. If another process holds
     * it exclusively, that also shows that locks work.
     */
    private static final String LOCK =
            "SELECT CASE WHEN pg_try_advisory_xact_lock_shared(" + (Database.ALTERATION_LOCK + 1)
                    + ") THEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())"
                    + " ELSE true END";

    private PostgresProduct() {}

    /**
     * Checks the server of a connection.
     *
     * @param name the name of the database, for messages
     * @throws DatabaseException of kind {@link ErrorKind#UNSUPPORTED} if it is not a PostgreSQL, or too old
     */
    static void require(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT version()")) {
            answer.next();
            require(answer.getString(1), name);
        }
    }

    /**
     * Checks that the server has advisory locks and shows them: some products do not have them, others accept them without
     * holding anything.
     *
     * @param name the name of the database, for messages
     * @throws DatabaseException of kind {@link ErrorKind#UNSUPPORTED} if it does not have them
     */
    static void requireAdvisoryLocks(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(LOCK)) {
            answer.next();
            if (!answer.getBoolean(1)) {
                throw withoutLocks(name, "accepts advisory locks but does not hold them", null);
            }
        } catch (SQLException e) {
            if (NO_SUCH_FUNCTION.contains(String.valueOf(e.getSQLState()))) {
                throw withoutLocks(name, "has no advisory locks (" + ErrorClassifier.firstLine(e) + ")", e);
            }
            throw e;
        }
    }

    private static DatabaseException withoutLocks(String name, String what, @Nullable SQLException cause) {
        return new DatabaseException(
                ErrorKind.UNSUPPORTED,
                "the server of " + name + " " + what + ", which hold the limits of workflows and let one process at a"
                        + " time change the schema. Use a database of a PostgreSQL server, or a SQLite file",
                cause);
    }

    static void require(String version, String name) {
        String other = other(version);
        if (!other.isEmpty()) {
            throw new DatabaseException(
                    ErrorKind.UNSUPPORTED,
                    name + " is served by " + other + ", not by PostgreSQL (its version is \"" + version
                            + "\"). The limits of workflows are held by PostgreSQL's advisory locks, and this library is"
                            + " tested with PostgreSQL " + OLDEST + " and newer only. Use a database of a PostgreSQL"
                            + " server, or a SQLite file",
                    null);
        }
        int major = major(version);
        if (major < OLDEST) {
            throw new DatabaseException(
                    ErrorKind.UNSUPPORTED,
                    name + " is served by PostgreSQL " + major + "; this library is tested with " + OLDEST
                            + " and newer only. Upgrade the server (pg_upgrade, or your provider's upgrade), or use a"
                            + " database of a newer one",
                    null);
        }
    }

    /** The name of the product if it is not PostgreSQL, otherwise empty. */
    private static String other(String version) {
        for (String each : OTHERS) {
            if (version.toLowerCase(Locale.ROOT).contains(each.toLowerCase(Locale.ROOT))) {
                return each;
            }
        }
        if (version.contains("-YB-")) {
            return "YugabyteDB";
        }
        if (OWN.matcher(version).matches()) {
            return "";
        }
        // Such as "CockroachDB CCL v23.2.1 (x86_64-pc-linux-gnu, …)".
        String first = version.strip().split("[\\s,(]", 2)[0];
        return first.isEmpty() || first.equals("PostgreSQL") ? "another product" : first;
    }

    private static int major(String version) {
        Matcher own = OWN.matcher(version);
        return own.matches() ? Integer.parseInt(own.group(1)) : 0;
    }
}
