package io.cloacina.schema.database;

import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * A data source of the application, and the database that it connects to.
 *
 * @param database the file, empty if it is in memory, or the name of the database on the server
 */
record GivenSource(DataSource source, Backend backend, String name, String database) {
    private static final int READERS = 4;
    private static final int KEPT = 2;

    /** Asks one connection for its database. */
    static GivenSource lookAt(DataSource source) {
        try (Connection connection = source.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            return switch (product.toLowerCase(Locale.ROOT)) {
                case "sqlite" -> sqlite(source, Pragma.file(connection));
                case "postgresql" -> postgres(source, connection);
                default ->
                    throw new DatabaseException(
                            ErrorKind.URL,
                            "the data source is of " + product + "; SQLite and PostgreSQL are supported",
                            null);
            };
        } catch (SQLException | UnsatisfiedLinkError e) {
            DatabaseException ofLibrary = Drivers.ofLibrary(e);
            if (ofLibrary != null) {
                throw ofLibrary;
            }
            throw new DatabaseException(
                    ErrorKind.CONNECTION, "the data source gives no connection: " + e.getMessage(), e);
        }
    }

    Sessions connect(Supplier<Schema> schema) {
        return switch (backend) {
            case SQLITE -> new SqliteSessions(SqliteOpener.of(source), schema, name, database.isEmpty(), READERS);
            case POSTGRES -> PostgresSessions.of(source, connections(), database, schema, name);
        };
    }

    /**
     * The number of connections without the two that are kept while the database is open, for notifications and for
     * {@link Sessions#apart}.
     */
    private OptionalInt connections() {
        try {
            return source.isWrapperFor(HikariDataSource.class)
                    ? OptionalInt.of(source.unwrap(HikariDataSource.class).getMaximumPoolSize() - KEPT)
                    : OptionalInt.empty();
        } catch (SQLException | RuntimeException e) { // the application's data source may refuse to be asked
            return OptionalInt.empty();
        }
    }

    private static GivenSource sqlite(DataSource source, String file) {
        String shown = file.isEmpty() ? DatabaseUrl.Sqlite.MEMORY : file;
        return new GivenSource(source, Backend.SQLITE, "sqlite:" + shown + " of the data source", file);
    }

    private static GivenSource postgres(DataSource source, Connection connection) throws SQLException {
        PostgresServer server = PostgresServer.lookAt(connection, "the database of the data source");
        String name = "database " + server.database() + " of the data source";
        if (server.isPooled() && connection.unwrap(PGConnection.class).getPrepareThreshold() != 0) {
            Database.LOG.warn(
                    "a pooler is between this process and the {}: set prepareThreshold=0 in the URL of the data source,"
                            + " unless it keeps a connection for each session or prepares statements itself",
                    name);
        }
        return new GivenSource(source, Backend.POSTGRES, name, server.database());
    }
}
