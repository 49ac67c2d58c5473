package io.cloacina.schema.migration;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database to the version of this build. Any number of processes may do it at once: one does the work, the others
 * wait and find it done.
 */
public final class Migrator {
    /** The statements of the migrator of a Cloacina database. */
    public static final Statements STATEMENTS = CloacinaMigrations.ALL.history().statements;

    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

    private final Database database;
    private final Migrations migrations;
    private final Clock clock;

    /** For a database and the versions of a schema in it. */
    public Migrator(Database database, Migrations migrations) {
        this(database, migrations, Clock.systemUTC());
    }

    /** As {@link #Migrator(Database, Migrations)}, with the clock that says when a version was applied. */
    public Migrator(Database database, Migrations migrations, Clock clock) {
        this.database = database;
        this.migrations = migrations;
        this.clock = clock;
        database.compose(migrations.history().statements);
    }

    /** A version as recorded in the database. */
    public record Applied(int version, String name, String checksum, UniversalTimestamp at) {}

    /** Brings the tables of Cloacina to the version of this build; returns what was applied now. */
    public static List<Applied> migrate(Database database) {
        return new Migrator(database, CloacinaMigrations.ALL).migrate();
    }

    /** Brings the tables of an application to the version of this build; returns what was applied now. */
    public static List<Applied> migrate(Database database, Migrations migrations) {
        return new Migrator(database, migrations).migrate();
    }

    /**
     * Refuses a Cloacina database that is not at the version of this build; changes nothing.
     *
     * @throws DatabaseException of kind {@link ErrorKind#MIGRATION}
     */
    public static void requireCurrent(Database database) {
        Migrator migrator = new Migrator(database, CloacinaMigrations.ALL);
        if (!migrator.pending().isEmpty()) {
            String why =
                    migrator.history().isEmpty() ? "has no Cloacina schema" : "has an older schema than this build";
            throw migrator.refused(why + "; an engine that starts on it brings it up to date, and so does"
                    + " './cloacina schema migrate'");
        }
    }

    /**
     * Applies what is pending, all of it in one transaction, and returns it; nothing pending is a read and no more.
     *
     * @throws DatabaseException of kind {@link ErrorKind#MIGRATION} if the history is newer than this build or was edited
     */
    public List<Applied> migrate() {
        if (pending().isEmpty()) {
            return List.of();
        }
        List<Applied> applied = database.alter(this::migrate);
        applied.forEach(made -> LOG.info("{}: applied schema version {}, {}", database, made.version(), made.name()));
        return applied;
    }

    /** As {@link #migrate()}, as a part of a change of the schema: in a transaction of {@link Database#alter}. */
    public List<Applied> migrate(WriteTransaction transaction) {
        List<Applied> applied = new ArrayList<>();
        // Read again: another process may have done it while this one waited.
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

    /** The versions that the database lacks. */
    public List<Migration> pending() {
        return database.read(transaction -> pending(history(transaction)));
    }

    /** What the database records, in order; empty if it has no history yet. */
    public List<Applied> history() {
        return database.read(this::history);
    }

    /**
     * A script that does what {@link #migrate()} would do, for an administrator to run; empty if nothing is pending. Each
     * statement ends with a semicolon and the end of the line.
     */
    public String script() {
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
        // Without these options both shells go on after an error, and SQLite's then commits what did work.
        // Rebuilding a table drops one that others refer to; the setting does nothing inside a transaction.
        // The check prints rows that refer to nothing; the lock lets no migrating process run beside the script.
        return database.backend() == Backend.SQLITE
                ? "-- Run this with: sqlite3 -bail FILE\nPRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n"
                        + Migration.script(sql) + "PRAGMA foreign_key_check;\nCOMMIT;\nPRAGMA foreign_keys = ON;\n"
                : "-- Run this with: psql -v ON_ERROR_STOP=1\nBEGIN;\nSELECT pg_advisory_xact_lock("
                        + Database.ALTERATION_LOCK + ");\n" + Migration.script(sql) + "COMMIT;\n";
    }

    /**
     * The versions that a database with that history lacks.
     *
     * @throws DatabaseException of kind {@link ErrorKind#MIGRATION} if the history does not fit this build
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
                        + applied.at() + " with other SQL than this build has for it; one of the two was edited"
                        + (i == 0 && !applied.name().equals(migration.name())
                                ? ", or " + migrations.historyTable()
                                        + " is the history of another schema: then give one"
                                        + " of the two another history table, Migrations.of(NAME, ...)"
                                : ""));
            }
        }
        return known.subList(history.size(), known.size());
    }

    /** As {@link #history()}, in a transaction. */
    public List<Applied> history(ReadTransaction transaction) {
        if (!hasHistory(transaction)) {
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
                            + " of something else; use a database (or, on PostgreSQL, a schema: ?currentSchema=NAME) of"
                            + " its own",
                    e);
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
