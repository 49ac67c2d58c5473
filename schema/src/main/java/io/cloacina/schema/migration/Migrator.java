package io.cloacina.schema.migration;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.InvalidSchemaException;
import io.cloacina.schema.type.UniversalTimestamp;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrates a database to the latest version. Any number of processes may call it at once: one does the work, and the
 * others wait and find it done.
 */
public final class Migrator {
    /** The statements of the migrator of a Cloacina database. */
    public static final Statements STATEMENTS = CloacinaMigrations.ALL.history().statements;

    private static final String DATABASE = "the database";
    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

    private final Database database;
    private final Migrations migrations;
    private final Clock clock;

    /** A migrator for a database and a schema's versions. */
    public Migrator(Database database, Migrations migrations) {
        this(database, migrations, Clock.systemUTC());
    }

    /** As {@link #Migrator(Database, Migrations)}, with the clock for the recorded times. */
    public Migrator(Database database, Migrations migrations, Clock clock) {
        this.database = ArgumentChecks.given(DATABASE, database);
        this.migrations = ArgumentChecks.given("the migrations", migrations);
        this.clock = ArgumentChecks.given("the clock", clock);
        migrations.requireSound();
        database.compose(migrations.history().statements);
    }

    /** A version that is recorded as applied. */
    public record Applied(int version, String name, String checksum, UniversalTimestamp at) {
        /** Checks that nothing is null. */
        public Applied {
            ArgumentChecks.given("the name", name);
            ArgumentChecks.given("the checksum", checksum);
            ArgumentChecks.given("the time", at);
        }
    }

    /**
     * Migrates Cloacina's tables to the latest version of this library; returns the versions that were applied now.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if the database was opened with a schema of the
     *     application, which {@link #migrate(Database, Migrations)} migrates
     */
    public static List<Applied> migrate(Database database) {
        requireNoOwnSchema(database, "Migrator.migrate");
        return new Migrator(database, CloacinaMigrations.ALL).migrate();
    }

    /**
     * Migrates the tables of an application to its latest version; returns the versions that were applied now.
     *
     * @throws InvalidSchemaException if no step creates a table of the schema that the database was opened with
     */
    public static List<Applied> migrate(Database database, Migrations migrations) {
        return new Migrator(database, migrations).migrate();
    }

    /**
     * Requires that Cloacina's tables are at the latest version of this library; changes nothing.
     *
     * @throws DatabaseException of kind {@link ErrorKind#MIGRATION} if they are not; of kind {@link
     *     ErrorKind#STATEMENT} if the database was opened with a schema of the application
     */
    public static void requireCurrent(Database database) {
        requireNoOwnSchema(database, "Migrator.requireCurrent");
        requireCurrent(database, CloacinaMigrations.ALL);
    }

    /**
     * Requires that the tables of these migrations are at the latest version; changes nothing.
     *
     * @throws DatabaseException of kind {@link ErrorKind#MIGRATION} if they are not
     */
    public static void requireCurrent(Database database, Migrations migrations) {
        Migrator migrator = new Migrator(database, migrations);
        if (migrator.pending().isEmpty()) {
            return;
        }
        boolean isCloacinas = migrations == CloacinaMigrations.ALL;
        String schema = isCloacinas ? "Cloacina schema" : "schema with the history " + migrations.historyTable();
        String why = migrator.history().isEmpty() ? "has no " + schema : "has an older " + schema + " than this build";
        throw migrator.refused(why
                + (isCloacinas
                        ? "; an engine that starts on it brings it up to date, and so does './cloacina schema migrate'"
                        : "; Migrator.migrate(database, MIGRATIONS) brings it up to date"));
    }

    /** Refuses a call that would mean Cloacina's tables although the program has some of its own. */
    private static void requireNoOwnSchema(Database database, String call) {
        if (ArgumentChecks.given(DATABASE, database).ownSchema().isPresent()) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    database + " was opened with a schema of your own, but " + call + "(database) means only Cloacina's"
                            + " tables: give it the migrations of your schema, " + call + "(database, MIGRATIONS). An"
                            + " engine migrates Cloacina's tables when it starts; without an engine, use "
                            + call + "(database, CloacinaMigrations.ALL)",
                    null);
        }
    }

    /**
     * Applies all pending versions in one transaction and returns them. If nothing is pending, it only reads.
     *
     * @throws DatabaseException of kind {@link ErrorKind#MIGRATION} if the database has newer versions than this
     *     program, or a recorded version was edited
     * @throws InvalidSchemaException as {@link #migrate(Database, Migrations)}
     */
    public List<Applied> migrate() {
        requireTables();
        if (pending().isEmpty()) {
            return List.of();
        }
        List<Applied> applied = database.alter(this::migrate);
        applied.forEach(made -> LOG.info("{}: applied schema version {}, {}", database, made.version(), made.name()));
        return applied;
    }

    /** As {@link #migrate()}, within a transaction of {@link Database#alter}. */
    public List<Applied> migrate(WriteTransaction transaction) {
        List<Applied> applied = new ArrayList<>();
        // Read again, because another process may have migrated while this one waited.
        List<Migration> pending = pending(history(transaction));
        if (!pending.isEmpty() && !hasHistory(transaction)) {
            migrations.makingHistory(transaction.dialect()).forEach(sql -> run(transaction, pending.get(0), sql));
        }
        for (Migration migration : pending) {
            List<String> statements = migration.statements(transaction.dialect());
            statements.forEach(sql -> run(transaction, migration, sql));
            Applied made = new Applied(
                    migration.version(),
                    migration.name(),
                    Migration.checksum(statements),
                    UniversalTimestamp.now(clock));
            transaction.run(migrations.history().record, made);
            applied.add(made);
        }
        return applied;
    }

    /** The versions that the database lacks, in order. */
    public List<Migration> pending() {
        return database.read(transaction -> pending(history(transaction)));
    }

    /** The recorded versions, in order; empty if there is no history yet. */
    public List<Applied> history() {
        return database.read(this::history);
    }

    /**
     * Returns a script that does the same as {@link #migrate()}, for an administrator to run; empty if nothing is
     * pending. Each statement ends with a semicolon and a line break.
     */
    public String script() {
        requireTables();
        List<Migration> pending = pending();
        if (pending.isEmpty()) {
            return "";
        }
        List<String> sql = new ArrayList<>();
        if (!database.read(this::hasHistory)) {
            sql.addAll(migrations.makingHistory(database.dialect()));
        }
        for (Migration migration : pending) {
            sql.addAll(migration.statements(database.dialect()));
            sql.add(migrations.recording(migration, database.dialect(), UniversalTimestamp.now(clock)));
        }
        // Without these options, both shells continue after an error, and SQLite's then commits the statements that
        // worked. Rebuilding a table drops a table that others refer to; the setting has no effect inside a
        // transaction. The check prints rows whose references are broken; the lock keeps other processes from migrating
        // while the script runs.
        return database.backend() == Backend.SQLITE
                ? "-- Run this with: sqlite3 -bail FILE\nPRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n"
                        + Migration.script(sql) + "PRAGMA foreign_key_check;\nCOMMIT;\nPRAGMA foreign_keys = ON;\n"
                : "-- Run this with: psql -v ON_ERROR_STOP=1\nBEGIN;\nSELECT pg_advisory_xact_lock("
                        + Database.ALTERATION_LOCK + ");\n" + Migration.script(sql) + "COMMIT;\n";
    }

    /**
     * The versions that a database with that history lacks, in order.
     *
     * @throws DatabaseException of kind {@link ErrorKind#MIGRATION} if the history does not match this program's
     *     versions
     */
    public List<Migration> pending(List<Applied> history) {
        UnfinishedCopy.in(history).ifPresent(copy -> {
            throw refused(copy.says());
        });
        List<Migration> known = migrations.all();
        for (int i = 0; i < history.size(); i++) {
            Applied applied = history.get(i);
            if (applied.version() > known.size()) {
                throw refused("is at schema version "
                        + history.get(history.size() - 1).version() + ", this build knows versions up to "
                        + known.size() + "; use a newer build");
            }
            if (applied.version() != i + 1) {
                throw refused("has schema version " + applied.version() + " but not " + (i + 1));
            }
            Migration migration = known.get(i);
            if (!applied.checksum().equals(migration.checksum(database.dialect()))) {
                throw refused("applied schema version " + applied.version() + " ('" + applied.name() + "') on "
                        + applied.at() + " with SQL that differs from the SQL of this build" + afterEdit()
                        + (i == 0 && !applied.name().equals(migration.name())
                                ? ", or " + migrations.historyTable()
                                        + " is the history of another schema: then give one"
                                        + " of the two another history table, Migrations.of(NAME, ...)"
                                : ""));
            }
        }
        return known.subList(history.size(), known.size());
    }

    /** What to do about a version whose SQL differs; that of Cloacina's own tables is not the user's to change. */
    private String afterEdit() {
        int next = migrations.all().size() + 1;
        return migrations == CloacinaMigrations.ALL
                ? "; one of the two was edited"
                : ": an applied version must not be edited; undo the edit, mark the change where it is declared (addedIn("
                        + next + ")), and add Migration.version(" + next + ", ...)";
    }

    /** As {@link #history()}, in a transaction. */
    public List<Applied> history(ReadTransaction transaction) {
        if (!hasHistory(ArgumentChecks.given("the transaction", transaction))) {
            return List.of();
        }
        try {
            return transaction.list(migrations.history().all);
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.STATEMENT && e.kind() != ErrorKind.INVALID_VALUE) {
                throw e;
            }
            throw new DatabaseException(
                    ErrorKind.MIGRATION,
                    database + " has a table " + migrations.historyTable()
                            + " of another program; use a database (or, on PostgreSQL, a schema: ?currentSchema=NAME)"
                            + " of its own",
                    e);
        }
    }

    /** Requires that these migrations create all tables of their schema; those that exist already may be others'. */
    private void requireTables() {
        List<Schema> parts = database.ownSchema().map(Schema::parts).orElse(List.of());
        List<String> uncreated = parts.stream()
                .flatMap(part -> migrations.uncreated(part).stream())
                .toList();
        if (uncreated.isEmpty()) {
            return;
        }
        List<String> missing = database.read(transaction -> uncreated.stream()
                .filter(table -> !transaction
                        .find(migrations.history().tableExists, table)
                        .orElse(false))
                .toList());
        if (!missing.isEmpty()) {
            throw new InvalidSchemaException("no step of the migrations " + migrations.historyTable()
                    + " creates " + String.join(", ", missing) + " of the schema that " + database
                    + " was opened with: add Step.create(...) to a new version; if other migrations create it, combine"
                    + " two schemas, Schema.of(...).and(Schema.of(...))");
        }
    }

    private boolean hasHistory(ReadTransaction transaction) {
        return transaction.list(migrations.history().exists).get(0);
    }

    private DatabaseException refused(String why) {
        return new DatabaseException(ErrorKind.MIGRATION, database + " " + why + ". Nothing was changed.", null);
    }

    private static void run(WriteTransaction transaction, Migration migration, String sql) {
        try (java.sql.Statement statement = transaction.connection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw transaction.classify(
                    e, "schema version " + migration.version() + " ('" + migration.name() + "') failed at: " + sql);
        }
    }
}
