package io.cloacina.schema.sql;

import java.util.function.Function;

/**
 * An insert, update or delete that reads the rows it changed; runs in a write transaction only. Created by
 * {@link Statements}.
 */
public final class ChangeReturning<P, R> extends Statement<P, R> {
    ChangeReturning(String name, Function<Dialect, Composed<P, R>> composer) {
        super(name, composer);
    }
}
