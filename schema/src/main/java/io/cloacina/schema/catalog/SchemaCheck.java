package io.cloacina.schema.catalog;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.migration.Migrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.migration.OptionalIndexes;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares a live database with its definition, and reports drift. The definition is created on the same engine and
 * read back by the same reader, so that both sides are in the server's own notation: on SQLite in a database in memory,
 * on PostgreSQL as temporary tables in a transaction that is rolled back. Nothing is changed or left behind.
 *
 * <p>It compares the columns of the defined tables (type, NULL, default, collation), keys, foreign keys, indexes,
 * checks, triggers, and whether SQLite's tables are STRICT; anything additional in these tables is a difference, too.
 * Optional indexes may be missing. The order of columns is ignored: every statement names its columns. Other tables are
 * ignored: an application may have its own in the same database.
 */
public final class SchemaCheck {
    private SchemaCheck() {}

    /**
     * Returns the differences of a Cloacina database, those of its migration history first; empty if it is as this
     * version of the library defines it.
     *
     * @throws DatabaseException if the database cannot be read, or (PostgreSQL) does not permit temporary tables; of
     *     kind {@link ErrorKind#STATEMENT} if it was opened with a schema of the application
     */
    public static List<Difference> differences(Database database) {
        if (ArgumentChecks.given("the database", database).ownSchema().isPresent()) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    database + " was opened with a schema of your own, but SchemaCheck.differences(database) compares"
                            + " only Cloacina's tables: give it yours, SchemaCheck.differences(database, SCHEMA,"
                            + " MIGRATIONS); for Cloacina's, give it CloacinaSchema.SCHEMA and CloacinaMigrations.ALL",
                    null);
        }
        return differences(database, CloacinaSchema.SCHEMA, CloacinaMigrations.ALL);
    }

    /**
     * As {@link #differences(Database)}, for the schema and versions of an application; its history table is compared
     * as well.
     *
     * @throws DatabaseException if the database cannot be read, or (PostgreSQL) does not permit temporary tables
     */
    public static List<Difference> differences(Database database, Schema schema, Migrations migrations) {
        ArgumentChecks.given("the schema", schema);
        List<Difference> all = new ArrayList<>(history(database, migrations));
        boolean hasHistory = schema.table(migrations.historyTable()).isPresent();
        all.addAll(differences(
                database, hasHistory ? schema : migrations.historySchema().and(schema)));
        return all;
    }

    /**
     * Compares only the tables of an application's schema, not the migration history.
     *
     * @throws DatabaseException if the database cannot be read, or (PostgreSQL) does not permit temporary tables
     */
    public static List<Difference> differences(Database database, Schema schema) {
        ArgumentChecks.given("the schema", schema);
        return switch (ArgumentChecks.given("the database", database).backend()) {
            case SQLITE -> onSqlite(database, schema);
            case POSTGRES -> onPostgres(database, schema);
        };
    }

    /**
     * Compares only the migration history of a schema: another version, or an edited one. It reads one small table;
     * for the tables themselves use {@link #differences(Database, Schema, Migrations)}.
     *
     * @throws DatabaseException if the database cannot be read
     */
    public static List<Difference> versions(Database database, Migrations migrations) {
        return history(database, migrations);
    }

    private static List<Difference> history(Database database, Migrations migrations) {
        try {
            return HistoryComparison.of(new Migrator(database, migrations).history(), migrations, database.dialect());
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.MIGRATION) {
                throw e;
            }
            return List.of(new Difference(migrations.historyTable(), "the history cannot be read: " + e.getMessage()));
        }
    }

    private static List<Difference> onSqlite(Database database, Schema schema) {
        Catalog definition;
        try (Database memory = Database.open("sqlite::memory:", schema)) {
            definition = memory.write(transaction -> {
                try {
                    create(transaction.connection(), transaction.dialect(), schema);
                    return SqliteCatalog.read(transaction.connection(), names(schema));
                } catch (SQLException e) {
                    throw transaction.classify(e, "making the definition in memory to compare with it");
                }
            });
        }
        return database.read(transaction -> {
            try {
                Catalog live = SqliteCatalog.read(transaction.connection(), names(schema));
                return CatalogComparison.of(live, definition, Set.copyOf(OptionalIndexes.names(schema)));
            } catch (SQLException e) {
                throw transaction.classify(e, "reading the tables of the database");
            }
        });
    }

    private static List<Difference> onPostgres(Database database, Schema schema) {
        return database.write(transaction -> {
            try {
                // One snapshot for all reads: a migration by another process is seen completely or not at all.
                run(transaction.connection(), "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                Catalog live = PostgresCatalog.read(transaction.connection(), PostgresCatalog.CURRENT, names(schema));
                return CatalogComparison.of(
                        live, asTemporary(transaction, schema), Set.copyOf(OptionalIndexes.names(schema)));
            } catch (SQLException e) {
                throw transaction.classify(e, "reading the tables of the database");
            }
        });
    }

    /** Creates the definition as temporary tables and reads it. Rolling back also undoes the search path. */
    private static Catalog asTemporary(WriteTransaction transaction, Schema schema) {
        Connection connection = transaction.connection();
        try {
            run(connection, "SAVEPOINT before_definition");
            run(connection, "SET LOCAL search_path = pg_temp");
            create(connection, transaction.dialect(), schema);
            Catalog made = PostgresCatalog.read(connection, PostgresCatalog.TEMPORARY, names(schema));
            run(connection, "ROLLBACK TO SAVEPOINT before_definition");
            return made;
        } catch (SQLException e) {
            throw transaction.classify(
                    e,
                    "making the definition as temporary tables to compare with it, in a transaction that is rolled back"
                            + " (needs a server that is not a standby, and GRANT TEMPORARY ON DATABASE)");
        }
    }

    private static void create(Connection connection, Dialect dialect, Schema schema) throws SQLException {
        Ddl ddl = new Ddl(dialect);
        for (String sql : ddl.create(schema)) {
            run(connection, sql);
        }
        for (String sql : ddl.createOptional(schema)) {
            run(connection, sql);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Set<String> names(Schema schema) {
        return schema.tables().stream().map(Table::tableName).collect(Collectors.toCollection(TreeSet::new));
    }
}
