package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.Backend;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A statement over the tables of a schema, held in a constant. It is written once, composed once for each backend, and
 * immutable; running it builds no text. Thread safe.
 *
 * @param <P> its argument: one value, or a record of several
 * @param <R> what a row of its result is read as
 */
@SuppressWarnings("EnumOrdinal") // an index into an array of this process; nothing stores it
public abstract sealed class Statement<P, R> permits Select, ChangeReturning, Command {
    private static final AtomicInteger NEXT_ID = new AtomicInteger();

    private final String name;
    private final int id = NEXT_ID.getAndIncrement();
    private final Function<Dialect, Composed<P, R>> composer;
    // Plain elements suffice, because a Composed is immutable, and composing twice gives the same result.
    private final @Nullable Composed<?, ?>[] composed = new Composed<?, ?>[Backend.values().length];

    Statement(String name, Function<Dialect, Composed<P, R>> composer) {
        this.name = name;
        this.composer = composer;
    }

    /** Its name in messages: {@code catalog.statement}. */
    public final String name() {
        return name;
    }

    /** A small number of its own in this process, by which a connection finds its prepared form. */
    public final int id() {
        return id;
    }

    /**
     * The statement for one backend, composed at the first call.
     *
     * @throws StatementException if it cannot be composed, naming the statement
     */
    @SuppressWarnings("unchecked") // only this method writes the array
    public final Composed<P, R> composed(Dialect dialect) {
        int backend = ArgumentChecks.given("the dialect", dialect).backend().ordinal();
        Composed<P, R> known = (Composed<P, R>) composed[backend];
        return known != null ? known : compose(dialect);
    }

    private Composed<P, R> compose(Dialect dialect) {
        try {
            Composed<P, R> made = composer.apply(dialect);
            composed[dialect.backend().ordinal()] = made;
            return made;
        } catch (RuntimeException e) {
            throw new StatementException("statement " + name + ": " + e.getMessage(), e);
        }
    }

    /** The name. */
    @Override
    public final String toString() {
        return name;
    }
}
