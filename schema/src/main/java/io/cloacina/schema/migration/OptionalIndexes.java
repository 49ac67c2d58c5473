package io.cloacina.schema.migration;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.Index;
import io.cloacina.schema.sql.Schema;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Creates and drops the indexes that a schema declares as {@linkplain Index#optional optional}, so that only
 * applications that need them pay for them. A migration that rebuilds a table on SQLite drops its optional indexes;
 * create them again afterwards.
 */
public final class OptionalIndexes {
    private OptionalIndexes() {}

    /** The names of the optional indexes of a schema, in the order of their declaration. */
    public static List<String> names(Schema schema) {
        return ArgumentChecks.given("the schema", schema).tables().stream()
                .flatMap(table -> table.indexes().stream())
                .filter(Index::isOptional)
                .map(Index::name)
                .toList();
    }

    /**
     * Creates the missing optional indexes one after the other, each in a transaction of its own. Writers of a table
     * wait meanwhile: a second or two for a million rows.
     *
     * @throws DatabaseException if the database refuses it, such as for a role that does not own the tables
     */
    public static void create(Database database, Schema schema) {
        new Ddl(ArgumentChecks.given("the database", database).dialect())
                .createOptional(schema)
                .forEach(sql -> run(database, sql.replaceFirst("INDEX", "INDEX IF NOT EXISTS")));
    }

    /**
     * Drops the optional indexes that exist.
     *
     * @throws DatabaseException if the database refuses it
     */
    public static void drop(Database database, Schema schema) {
        ArgumentChecks.given("the database", database);
        names(schema).forEach(name -> run(database, "DROP INDEX IF EXISTS " + name));
    }

    private static void run(Database database, String sql) {
        database.alter(transaction -> {
            try (Statement statement = transaction.connection().createStatement()) {
                return statement.execute(sql);
            } catch (SQLException e) {
                throw transaction.classify(e, "changing an optional index: " + sql);
            }
        });
    }
}
