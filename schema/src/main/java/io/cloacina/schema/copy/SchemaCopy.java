package io.cloacina.schema.copy;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Migrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.migration.Migrator.Applied;
import io.cloacina.schema.migration.UnfinishedCopy;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copies all rows of all tables from one database to another, of the same or the other backend, and compares both.
 *
 * <p>It may be interrupted at any time, even by killing the process: the next copy between the same databases continues
 * where it stopped. Until a copy is complete and both sides are equal, {@link Migrator}, and so every engine, refuses
 * the target.
 */
public final class SchemaCopy {
    private final Database source;
    private final Database target;
    private final Migrations migrations;
    private final Migrator ofEngines;
    private final Migrator sourceMigrator;
    private final Migrator targetMigrator;
    private final Clock clock;
    private final Statements statements = new Statements("copy");
    private final List<TableStatements> tables;

    /** A copy of Cloacina's tables. */
    public SchemaCopy(Database source, Database target) {
        this(source, target, CloacinaSchema.SCHEMA, CloacinaMigrations.ALL);
    }

    /**
     * A copy of the tables of an application. If a database has several schemas, copy each before anything uses the
     * target.
     *
     * @param schema the schema that both databases were opened with, or a part of it
     */
    public SchemaCopy(Database source, Database target, Schema schema, Migrations migrations) {
        this(source, target, schema, migrations, Clock.systemUTC());
    }

    SchemaCopy(Database source, Database target, Schema schema, Migrations migrations, Clock clock) {
        this.source = ArgumentChecks.given("the source", source);
        this.target = ArgumentChecks.given("the target", target);
        this.migrations = ArgumentChecks.given("the migrations", migrations);
        ArgumentChecks.given("the schema", schema);
        this.clock = clock;
        this.ofEngines = new Migrator(source, CloacinaMigrations.ALL);
        this.sourceMigrator = new Migrator(source, migrations, clock);
        this.targetMigrator = new Migrator(target, migrations, clock);
        // The history table is not copied: it says what was run on its own database, and when.
        this.tables = schema.constructors().stream()
                .filter(constructor -> !Schema.define(constructor).tableName().equals(migrations.historyTable()))
                .map(constructor -> new TableStatements(statements, constructor))
                .toList();
        for (Database each : List.of(source, target)) {
            each.compose(statements, Places.STATEMENTS, LiveRunners.STATEMENTS);
        }
    }

    /**
     * Copies what the target lacks, then compares every table. If all are equal, the target can be used.
     *
     * @return the tables in the order in which they were copied; if one differs, the target stays unusable
     * @throws DatabaseException of kind {@link ErrorKind#COPY} if both are the same database, an engine runs on the
     *     source, or the target is not empty; of kind {@link ErrorKind#MIGRATION} if they are not at this program's
     *     version
     */
    public List<CopiedTable> run(CopyProgress progress) {
        ArgumentChecks.given("the receiver of the progress", progress);
        if (Places.isSame(source, target)) {
            throw refused(source + " and " + target + " are the same database; use another target");
        }
        List<Applied> history = requireCurrentSource();
        UnfinishedCopy own = newMark(history);
        UnfinishedCopy mark = target.alter(transaction -> mark(own, transaction));
        copy(mark, progress);
        List<CopiedTable> compared = compare(progress);
        if (compared.stream().allMatch(CopiedTable::isSame)) {
            target.write(transaction -> mark.end(transaction, migrations));
        }
        return compared;
    }

    Statements statements() {
        return statements;
    }

    /** The versions that the source has recorded. */
    private List<Applied> requireCurrentSource() {
        List<Applied> history = sourceMigrator.history();
        if (history.isEmpty()) {
            throw refused(source + " has no tables"
                    + (migrations == CloacinaMigrations.ALL
                            ? " of Cloacina"
                            : " with the history " + migrations.historyTable())
                    + "; there is nothing to copy");
        }
        if (!sourceMigrator.pending(history).isEmpty()) {
            throw outdated(source);
        }
        source.read(this::requireIdle);
        return history;
    }

    /**
     * Creates the tables of the target if it does not have any, and marks it as being filled from this source, unless
     * it is marked already. It is one transaction, so that no engine finds the tables without the mark.
     */
    private UnfinishedCopy mark(UnfinishedCopy own, WriteTransaction transaction) {
        List<Applied> history = targetMigrator.history(transaction);
        Optional<UnfinishedCopy> underWay = UnfinishedCopy.in(history);
        if (underWay.isPresent()) {
            if (!underWay.get().fingerprint().equals(own.fingerprint())) {
                throw refused(target + " " + underWay.get().says() + ". " + source
                        + " is another source, or has been migrated since.");
            }
            return underWay.get();
        }
        if (history.isEmpty()) {
            targetMigrator.migrate(transaction);
        } else if (!targetMigrator.pending(history).isEmpty()) {
            throw outdated(target);
        }
        for (TableStatements table : tables) {
            if (table.greatestKey(transaction) != null) {
                throw refused(target + " is not empty: table " + table.table()
                        + " has rows; name an empty database (or, on PostgreSQL, an empty schema:"
                        + " ?currentSchema=NAME).");
            }
        }
        own.begin(transaction, migrations);
        return own;
    }

    private UnfinishedCopy newMark(List<Applied> history) {
        RowDigest fingerprint = new RowDigest();
        fingerprint.add(Places.of(source));
        for (Applied applied : history) {
            fingerprint.add((Object) applied.version());
            fingerprint.add(applied.at());
        }
        String from = source.toString();
        int end = from.offsetByCodePoints(0, Math.min(UnfinishedCopy.MAX_FROM, from.codePointCount(0, from.length())));
        return new UnfinishedCopy(from.substring(0, end), fingerprint.hex(), UniversalTimestamp.now(clock));
    }

    /** Copies from one snapshot of the source, so that all rows that refer to each other are there. */
    private void copy(UnfinishedCopy mark, CopyProgress progress) {
        source.read(transaction -> {
            for (TableStatements table : tables) {
                new TableCopy(table, transaction, target, held -> mark.hold(held, migrations)).run(progress);
            }
            return tables;
        });
    }

    /** Compares with a later snapshot, so that a change of the source during the copy is reported as a difference. */
    private List<CopiedTable> compare(CopyProgress progress) {
        return source.read(ofSource -> {
            requireIdle(ofSource);
            return target.read(ofTarget -> {
                List<CopiedTable> compared = new ArrayList<>();
                for (TableStatements table : tables) {
                    compared.add(new TableComparison(table, ofSource, ofTarget).run(progress));
                }
                return compared;
            });
        });
    }

    private Database requireIdle(ReadTransaction transaction) {
        // Engines write the tables of an application as well, in transactional tasks.
        if (!ofEngines.history(transaction).isEmpty()) {
            LiveRunners.requireNone(source, transaction);
        }
        return source;
    }

    private static DatabaseException outdated(Database database) {
        return new DatabaseException(
                ErrorKind.MIGRATION,
                database + " is not at the schema version of this build; run 'cloacina schema migrate --database "
                        + database + "' first",
                null);
    }

    private static DatabaseException refused(String why) {
        return new DatabaseException(ErrorKind.COPY, why, null);
    }
}
