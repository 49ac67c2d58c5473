package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.InvalidSchemaException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table definition. A subclass declares columns, keys, foreign keys, indexes and checks as fields; nothing else
 * defines the table. Its only constructor takes a {@link Source}, so that only a statement or a schema can create
 * instances.
 *
 * <p>There are no default values: the writer sets every value, so that both backends store the same. Instances do not
 * change after construction.
 */
public abstract class Table {
    /** PostgreSQL silently truncates longer identifiers. */
    static final int MAX_IDENTIFIER_BYTES = 63;

    private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9_]*");

    private final String tableName;
    private final String description;
    private final Source source;
    private final List<AnyColumn<?>> columns = new ArrayList<>();
    private final List<ForeignKey<?>> foreignKeys = new ArrayList<>();
    private final List<Index> indexes = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private @Nullable Column<?> primaryKey;
    private int since = 1;

    /** For subclasses: with the name of the table in the database. */
    protected Table(String tableName, Source source) {
        this(tableName, "", source);
    }

    /**
     * For subclasses: with the name of the table and its description, a sentence or two for the reference of the
     * schema.
     */
    protected Table(String tableName, String description, Source source) {
        this.tableName = requireIdentifier(tableName);
        ReservedWords.requireTable(tableName);
        this.description = ArgumentChecks.given("the description", description);
        this.source = ArgumentChecks.given("the source", source);
    }

    /** Declares the primary key. */
    protected final <V> Column<V> primaryKey(String name, DataType<V> type) {
        if (primaryKey != null) {
            throw new InvalidSchemaException("table " + tableName + " has two primary keys");
        }
        Column<V> column = column(name, type);
        primaryKey = column;
        return column;
    }

    /** Declares a NOT NULL column. */
    protected final <V> Column<V> column(String name, DataType<V> type) {
        return add(new Column<>(this, name, type));
    }

    /** Declares a column that may be NULL. */
    protected final <V> NullableColumn<V> nullable(String name, DataType<V> type) {
        return add(new NullableColumn<>(this, name, type));
    }

    /** Declares that {@code column} refers to {@code key} of another table. */
    protected final <V, P extends Table> ForeignKey<P> references(
            AnyColumn<V> column, Function<Source, P> parent, Function<P, Column<V>> key) {
        requireOwn(ArgumentChecks.given("the column", column));
        ArgumentChecks.given("the other table", parent);
        ArgumentChecks.given("the key of the other table", key);
        ForeignKey<P> foreignKey = new ForeignKey<>(column, parent, key);
        foreignKeys.add(foreignKey);
        return foreignKey;
    }

    /** Declares a unique key on these columns. */
    protected final Index unique(AnyColumn<?>... parts) {
        List<IndexPart> all = ArgumentChecks.all("the columns", parts);
        String names = all.stream().map(part -> part.column().name()).collect(Collectors.joining("_"));
        return add(new Index(tableName + "_" + names + "_key", true, all));
    }

    /**
     * Declares an index, with nulls where each backend puts them; its name in the database is
     * {@code table_purpose_idx}.
     */
    protected final Index index(String purpose, IndexPart... parts) {
        return add(new Index(nameFor(purpose, "idx"), false, ArgumentChecks.all("the columns", parts)));
    }

    /** Declares a check; its name in the database is {@code table_purpose_check}. */
    protected final Check check(String purpose, Condition condition) {
        ArgumentChecks.given("the condition", condition);
        Check check = new Check(requireIdentifier(nameFor(purpose, "check")), condition);
        checks.add(check);
        return check;
    }

    private String nameFor(String purpose, String kind) {
        return tableName + "_" + ArgumentChecks.given("the purpose", purpose) + "_" + kind;
    }

    /** Declares the later version of the schema that introduced the whole table. */
    protected final void tableAddedIn(int version) {
        since = requireVersion(version);
    }

    /** The name in the database. */
    public final String tableName() {
        return tableName;
    }

    /** The description of the table; empty if there is none. */
    public final String description() {
        return description;
    }

    /** The schema version that introduced this table. */
    public final int sinceVersion() {
        return since;
    }

    /** The primary key; every table has one. */
    public final Column<?> primaryKey() {
        if (primaryKey == null) {
            throw new InvalidSchemaException("table " + tableName + " has no primary key");
        }
        return primaryKey;
    }

    /** All columns in the order of their declaration, those of later versions last. */
    public final List<AnyColumn<?>> columns() {
        return columns(Integer.MAX_VALUE);
    }

    /** The columns in the given version of the schema, in the order in which a database has them. */
    public final List<AnyColumn<?>> columns(int version) {
        return columns.stream()
                .filter(column -> column.sinceVersion() <= version)
                .sorted((a, b) -> Integer.compare(a.sinceVersion(), b.sinceVersion()))
                .toList();
    }

    /** The relations to other tables, as declared. */
    public final List<ForeignKey<?>> foreignKeys() {
        return Collections.unmodifiableList(foreignKeys);
    }

    /** Unique keys and indexes, as declared. */
    public final List<Index> indexes() {
        return Collections.unmodifiableList(indexes);
    }

    /** The checks declared on the table; those that follow from a column's type are with the column. */
    public final List<Check> checks() {
        return Collections.unmodifiableList(checks);
    }

    final Source source() {
        return source;
    }

    static int requireVersion(int version) {
        if (version < 2) {
            throw new InvalidSchemaException("a later version must be 2 or more, not " + version);
        }
        return version;
    }

    /** The table's name. */
    @Override
    public final String toString() {
        return tableName;
    }

    private <C extends AnyColumn<?>> C add(C column) {
        requireIdentifier(column.name());
        ReservedWords.requireColumn(tableName(), column.name());
        if (columns.stream().anyMatch(other -> other.name().equals(column.name()))) {
            throw new InvalidSchemaException("column " + column + " is declared twice");
        }
        columns.add(column);
        return column;
    }

    private void requireOwn(AnyColumn<?> column) {
        if (column.table() != this) {
            throw new InvalidSchemaException("column " + column + " is not of table " + tableName);
        }
    }

    private Index add(Index index) {
        requireIdentifier(index.name());
        if (index.parts().isEmpty()
                || Set.copyOf(index.columnNames()).size() < index.parts().size()) {
            throw new InvalidSchemaException(
                    "index " + index.name() + " needs at least one column, and none of them twice");
        }
        for (IndexPart part : index.parts()) {
            requireOwn(part.column());
            if (part instanceof Ordering<?> ordering && ordering.saysNulls()) {
                throw new InvalidSchemaException("index " + index.name()
                        + " sets the order of nulls, which indexes of SQLite do not support; name the column alone");
            }
        }
        indexes.add(index);
        return index;
    }

    /** Checks a name. ASCII only, so that its length in characters is its length in bytes. */
    static String requireIdentifier(String name) {
        if (!IDENTIFIER.matcher(ArgumentChecks.given("the name", name)).matches()) {
            throw new InvalidSchemaException(
                    "'" + name + "' is not a valid name on both backends: use a-z, 0-9 and _ only");
        }
        if (name.length() > MAX_IDENTIFIER_BYTES) {
            throw new InvalidSchemaException("'" + name + "' has " + name.length()
                    + " bytes; PostgreSQL cuts names after " + MAX_IDENTIFIER_BYTES);
        }
        return name;
    }
}
