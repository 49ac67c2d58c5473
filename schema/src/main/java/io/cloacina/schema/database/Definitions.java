package io.cloacina.schema.database;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.sql.StatementException;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.InvalidSchemaException;
import io.cloacina.schema.type.PayloadForm;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The tables and statements that a database was opened with. Cloacina's own tables are known as well, because any
 * program may share its database with them. Thread safe.
 */
final class Definitions {
    private static final String OWN_TABLES = CloacinaSchema.class.getPackageName();

    private final @Nullable Schema given;
    private final Dialect dialect;
    private final String database;
    private final boolean anyStatement;
    private final List<Statements> catalogs = new CopyOnWriteArrayList<>();
    private final Set<Statement<?, ?>> checked = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Schema withOwnTables;
    private volatile PayloadForm payloadForm = PayloadForm.PLAIN;

    /**
     * @param given null for Cloacina's tables alone, whose definition is created only when an error or a migration
     *     needs it
     * @throws StatementException if a statement cannot be composed, or names a table that is not known
     */
    Definitions(@Nullable Schema given, Dialect dialect, String database, Statements... statements) {
        this.given = given;
        this.dialect = dialect;
        this.database = database;
        this.anyStatement = ArgumentChecks.all("the statements", statements).isEmpty();
        compose(Database.OWN_STATEMENTS);
        compose(statements);
    }

    Dialect dialect() {
        return dialect;
    }

    /** How values and texts of users are stored. */
    PayloadForm payloadForm() {
        return payloadForm;
    }

    void storePayloads(PayloadForm as) {
        payloadForm = as;
    }

    /** The tables that the database was opened with. */
    Schema schema() {
        return given != null ? given : CloacinaSchema.SCHEMA;
    }

    /** The tables of the application; empty for Cloacina's alone. */
    Optional<Schema> ownSchema() {
        return given == null || given == CloacinaSchema.SCHEMA ? Optional.empty() : Optional.of(given);
    }

    /** All tables that statements may name. */
    Schema allTables() {
        Schema both = withOwnTables;
        return both != null ? both : schema();
    }

    /** Composes the statements of further catalogs, which may then be run. */
    void compose(Statements... further) {
        for (Statements catalog : ArgumentChecks.all("the statements", further)) {
            if (!catalogs.contains(catalog)) {
                catalogs.add(catalog);
            }
            catalog.all().forEach(this::check);
        }
    }

    /** Refuses a statement of a catalog that the database was not opened with, if it was opened with any. */
    void require(Statement<?, ?> statement) {
        if (checked.contains(statement)) {
            return;
        }
        if (!anyStatement
                && catalogs.stream().noneMatch(catalog -> catalog.all().contains(statement))) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "statement " + statement + " is of a catalog that " + database
                            + " was not opened with: name the catalog in Database.open(...), so that its statements are"
                            + " checked then, and let all parts of the program that run them share that database",
                    null);
        }
        check(statement);
    }

    private void check(Statement<?, ?> statement) {
        for (Table table : statement.composed(dialect).tables()) {
            requireKnown(table, statement);
        }
        checked.add(statement);
    }

    private void requireKnown(Table table, Statement<?, ?> statement) {
        boolean isOwn = table.getClass().getPackageName().equals(OWN_TABLES);
        if (given == null ? isOwn : given.table(table.tableName()).isPresent()) {
            return;
        }
        if (isOwn) {
            addOwnTables();
        } else if (schema().table(table.tableName()).isEmpty()) {
            throw new StatementException("statement " + statement + " names table " + table
                    + ", which is not in the schema that " + database
                    + " was opened with: open it with a schema that has the table, Database.open(...,"
                    + " Schema.of(...), ...)");
        }
    }

    /** Adds Cloacina's own tables, so that an error about one of them can name its constraints. */
    private void addOwnTables() {
        if (withOwnTables != null || given == null) {
            return;
        }
        try {
            withOwnTables = given.and(CloacinaSchema.SCHEMA);
        } catch (InvalidSchemaException e) {
            throw new StatementException(
                    "the schema that " + database
                            + " was opened with and Cloacina's own tables, which are used in the same"
                            + " database, are in conflict: " + e.getMessage() + "; rename yours",
                    e);
        }
    }
}
