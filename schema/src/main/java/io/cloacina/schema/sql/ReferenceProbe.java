package io.cloacina.schema.sql;

import io.cloacina.schema.type.PayloadForm;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Checks whether the row that an argument refers to exists. SQLite reports a broken foreign key without its name; after
 * such an error the probes of the statement find it.
 */
public final class ReferenceProbe<V> {
    private final ForeignKey<?> key;
    private final Slot.Bound<V> slot;

    ReferenceProbe(ForeignKey<?> key, Slot<V> slot, Dialect dialect) {
        this.key = key;
        this.slot = slot.on(dialect);
    }

    /** The name of the foreign key. */
    public String constraint() {
        return key.name();
    }

    /** Selects the referred row: no row means that the foreign key is broken. */
    public String sql() {
        Column<?> target = key.keyDefinition();
        return "SELECT 1 FROM " + target.table() + " WHERE " + target.name() + " = ?";
    }

    /** Binds the reference in the argument; false if there is none. */
    public boolean bind(PreparedStatement statement, Object argument) throws SQLException {
        if (slot.isNull(argument)) {
            return false;
        }
        slot.bind(statement, 1, argument, PayloadForm.PLAIN);
        return true;
    }
}
