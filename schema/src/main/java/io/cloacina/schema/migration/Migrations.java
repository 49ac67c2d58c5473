package io.cloacina.schema.migration;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.InvalidSchemaException;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All versions of a schema, numbered from 1 without gaps, and the name of the history table in which a database records
 * the applied ones. Several schemas may share a database, each with its own history table. Immutable.
 */
public final class Migrations {
    private final History history;
    private final List<Migration> all;
    private final boolean isPart;
    private volatile @Nullable MigrationRules rules;

    private Migrations(History history, List<Migration> all, boolean isPart) {
        this.history = history;
        this.all = all;
        this.isPart = isPart;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).version() != i + 1) {
                throw new InvalidSchemaException("migration '" + all.get(i).name() + "' has version "
                        + all.get(i).version() + ", but version " + (i + 1) + " is expected");
            }
        }
        if (all.stream().noneMatch(Migration::isLazy)) {
            requireSound();
        }
    }

    /**
     * Creates migrations from these versions, in order. The history table is created with the first version. A table
     * is created before the tables that refer to it, and each addition that a table declares ({@code addedIn}) has a
     * step in its version; both are checked here, or when versions with a supplier of steps are first used.
     *
     * @param historyTable such as {@code shop_migrations}: unlike the names of all other tables of the database;
     *     {@code schema_migrations} belongs to Cloacina's own tables
     * @throws InvalidSchemaException if a version or a step is missing, a step comes too early, or the name is not
     *     valid for a table on both backends
     */
    public static Migrations of(String historyTable, Migration... all) {
        return new Migrations(
                new History(ArgumentChecks.given("the history table", historyTable)),
                ArgumentChecks.all("the migrations", all),
                false);
    }

    /**
     * The first versions only: for a test of those that follow, which needs a database of an earlier program.
     *
     * @throws CloacinaException with the code {@code INVALID_ARGUMENT} if there is no such version
     */
    public Migrations upTo(int version) {
        if (version < 1 || version > all.size()) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_ARGUMENT,
                    "the migrations " + historyTable() + " have the versions 1 to " + all.size() + ", and not "
                            + version);
        }
        return new Migrations(history, all.subList(0, version), true);
    }

    /** The versions, in order. */
    public List<Migration> all() {
        return all;
    }

    /** The definition of the history table. */
    public Schema historySchema() {
        return history.schema();
    }

    /** The name of the history table. */
    public String historyTable() {
        return history.table();
    }

    /** The statement that records a version as applied at that time, for scripts. */
    public String recording(Migration migration, Dialect dialect, UniversalTimestamp at) {
        ArgumentChecks.given("the migration", migration);
        ArgumentChecks.given("the time", at);
        Backend backend = ArgumentChecks.given("the dialect", dialect).backend();
        return "INSERT INTO " + historyTable() + " (version, name, checksum, applied_at) VALUES ("
                + migration.version() + ", "
                + DataType.TEXT.codec(backend).literal(migration.name()) + ", "
                + DataType.TEXT.codec(backend).literal(Migration.checksum(migration.statements(dialect))) + ", "
                + DataType.TIMESTAMP.codec(backend).literal(at) + ")";
    }

    History history() {
        return history;
    }

    /**
     * Requires that the steps fit each other and the tables. It does nothing if all versions are recorded, because
     * their tables need not be loaded then.
     *
     * @throws InvalidSchemaException naming the version, the table and what to do
     */
    void requireSound() {
        if (rules == null && !isPart && !all.stream().allMatch(Migration::isRecorded)) {
            rules = new MigrationRules(all);
        }
    }

    /** The tables of the schema that no step creates, if a step creates others of them. */
    List<String> uncreated(Schema schema) {
        MigrationRules checked = rules;
        if (checked == null) {
            return List.of();
        }
        Map<Boolean, List<String>> names =
                schema.tables().stream().map(Table::tableName).collect(Collectors.partitioningBy(checked::creates));
        return names.getOrDefault(true, List.of()).isEmpty() ? List.of() : names.getOrDefault(false, List.of());
    }

    /**
     * The statements that create the history table when the first version is applied; empty if that version creates it
     * in a step of its own, as Cloacina's does.
     */
    List<String> makingHistory(Dialect dialect) {
        boolean isMade = all.get(0).statements(dialect).stream().anyMatch(sql -> Ddl.makes(sql, historyTable()));
        return isMade ? List.of() : new Ddl(dialect).create(history.schema());
    }
}
