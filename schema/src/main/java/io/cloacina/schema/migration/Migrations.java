package io.cloacina.schema.migration;

import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.InvalidSchemaException;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.List;

/**
 * All versions of a schema, numbered from 1 without gaps, and the name of the history table in which a database records
 * the applied ones. Several schemas may share a database, each with its own history table. Immutable.
 */
public final class Migrations {
    private final History history;
    private final List<Migration> all;

    private Migrations(History history, List<Migration> all) {
        this.history = history;
        this.all = all;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).version() != i + 1) {
                throw new InvalidSchemaException("migration '" + all.get(i).name() + "' has version "
                        + all.get(i).version() + ", but version " + (i + 1) + " is expected");
            }
        }
    }

    /**
     * Creates migrations from these versions, in order. The history table is created with the first version.
     *
     * @param historyTable such as {@code shop_migrations}: unlike the names of all other tables of the database;
     *     {@code schema_migrations} belongs to Cloacina's own tables
     * @throws InvalidSchemaException if a version is missing, or the name is not valid for a table on both backends
     */
    public static Migrations of(String historyTable, Migration... all) {
        return new Migrations(new History(historyTable), List.of(all));
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
        Backend backend = dialect.backend();
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
     * The statements that create the history table when the first version is applied; empty if that version creates it
     * in a step of its own, as Cloacina's does.
     */
    List<String> makingHistory(Dialect dialect) {
        boolean isMade = all.get(0).statements(dialect).stream().anyMatch(sql -> Ddl.makes(sql, historyTable()));
        return isMade ? List.of() : new Ddl(dialect).create(history.schema());
    }
}
