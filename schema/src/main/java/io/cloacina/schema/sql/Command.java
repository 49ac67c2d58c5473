package io.cloacina.schema.sql;

import java.util.function.Function;

/**
 * An insert, update or delete that counts the rows it changed; runs in a write transaction only. Created by
 * {@link Statements}.
 */
public final class Command<P> extends Statement<P, Void> {
    Command(String name, Function<Dialect, Composed<P, Void>> composer) {
        super(name, composer);
    }
}
