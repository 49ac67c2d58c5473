package io.cloacina.schema.database;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The open subscriptions of a database. Thread safe. */
final class Subscriptions {
    private final Gate gate;
    private final Set<Subscription> present = new HashSet<>();

    Subscriptions(Gate gate) {
        this.gate = gate;
    }

    synchronized Subscription begin(Sessions sessions, Consumer<String> handler) {
        gate.requireOpen();
        Subscription made = Subscription.by(sessions.listener(), handler, this::ended);
        present.add(made);
        return made;
    }

    /**
     * Closes them. Call before transactions are waited for, because handling a notification may need one more, which is
     * refused by then.
     */
    void end(Consumer<Subscription> closing) {
        List<Subscription> left;
        synchronized (this) {
            left = List.copyOf(present);
        }
        left.forEach(closing);
    }

    private synchronized void ended(Subscription closed) {
        present.remove(closed);
    }
}
