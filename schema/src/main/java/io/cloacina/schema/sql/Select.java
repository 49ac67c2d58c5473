package io.cloacina.schema.sql;

import java.util.function.Function;

/** A statement that only reads. Created by {@link Statements}. */
public final class Select<P, R> extends Statement<P, R> {
    Select(String name, Function<Dialect, Composed<P, R>> composer) {
        super(name, composer);
    }
}
