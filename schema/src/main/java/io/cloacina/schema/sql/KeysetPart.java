package io.cloacina.schema.sql;

/** One column of a keyset page: its ordering, and the value after which the page begins. */
public final class KeysetPart<V> {
    private final Ordering<V> ordering;
    private final Parameter<V> position;

    KeysetPart(Ordering<V> ordering, Parameter<V> position) {
        this.ordering = ordering;
        this.position = position;
    }

    Ordering<V> ordering() {
        return ordering;
    }

    void writePosition(SqlWriter sql) {
        sql.operand(position, ordering.column());
    }
}
