package io.cloacina.engine.internal.write;

import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.sql.Select;
import java.util.List;

/** Reads the database, inside a transaction or not. */
public interface Reading {
    <P, R> List<R> list(Select<P, R> select, P argument);

    /** Inside a transaction. */
    static Reading in(ReadTransaction transaction) {
        return transaction::list;
    }
}
