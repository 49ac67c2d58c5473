package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.function.Function;

/** A reference to the primary key of another table, along which statements can join. */
public final class ForeignKey<P extends Table> {
    private final AnyColumn<?> column;
    private final Function<Source, P> parent;
    private final Function<P, ? extends Column<?>> key;
    private OnDelete onDelete = OnDelete.NO_ACTION;

    <V> ForeignKey(AnyColumn<V> column, Function<Source, P> parent, Function<P, Column<V>> key) {
        this.column = column;
        this.parent = parent;
        this.key = key;
    }

    /**
     * Sets what deleting the parent row does to the referring rows. Default: {@link OnDelete#NO_ACTION}.
     *
     * @return this foreign key
     */
    public ForeignKey<P> onDelete(OnDelete action) {
        onDelete = ArgumentChecks.given("the action", action);
        return this;
    }

    /** What deleting the parent row does. */
    public OnDelete onDelete() {
        return onDelete;
    }

    /** The referencing column. */
    public AnyColumn<?> column() {
        return column;
    }

    /** The name of the constraint, the same on both backends. */
    public String name() {
        return column.table().tableName() + "_" + column.name() + "_fkey";
    }

    /** The referenced table, as defined; each call creates it, because tables may refer to each other. */
    public P parentDefinition() {
        return parent.apply(Source.DEFINITION);
    }

    /** The referenced column, as defined. */
    public Column<?> keyDefinition() {
        return key.apply(parentDefinition());
    }

    P open(Source source) {
        return parent.apply(source);
    }

    Column<?> keyOf(P opened) {
        return key.apply(opened);
    }
}
