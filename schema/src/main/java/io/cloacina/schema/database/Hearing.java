package io.cloacina.schema.database;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The {@link Hints} that are open for a database, until it is closed. Thread safe. */
final class Hearing {
    private final Gate gate;
    private final Set<Hints> present = new HashSet<>();

    Hearing(Gate gate) {
        this.gate = gate;
    }

    synchronized Hints begin(Sessions sessions, Consumer<String> hint) {
        gate.requireOpen();
        Hints made = Hints.by(sessions.ear(), hint, this::ended);
        present.add(made);
        return made;
    }

    /**
     * Closes them. Call before transactions are waited for, because handling a hint may need one more, which is refused
     * by then.
     */
    void end(Consumer<Hints> closing) {
        List<Hints> left;
        synchronized (this) {
            left = List.copyOf(present);
        }
        left.forEach(closing);
    }

    private synchronized void ended(Hints closed) {
        present.remove(closed);
    }
}
