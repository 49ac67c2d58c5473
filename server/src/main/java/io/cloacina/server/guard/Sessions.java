package io.cloacina.server.guard;

import io.cloacina.server.access.User;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The sessions of users who are logged in. They are in memory: after a restart, all users log in again. */
final class Sessions {
    private static final long LIFE_NANOS = Duration.ofHours(12).toNanos();

    /** The largest number of sessions. One more ends the oldest, so that logins cannot fill the memory. */
    private static final int MOST = 1_000;

    private final Map<String, Session> byCode = new LinkedHashMap<>();
    private final Secrets secrets;
    private final LongSupplier nanos;

    Sessions(Secrets secrets, LongSupplier nanos) {
        this.secrets = secrets;
        this.nanos = nanos;
    }

    private record Session(User user, long since) {}

    /** Begins a session; returns the value of the cookie. Only its code is stored. */
    synchronized String begin(User user) {
        if (byCode.size() >= MOST) {
            byCode.remove(byCode.keySet().iterator().next());
        }
        String id = secrets.random();
        byCode.put(secrets.codeOf(id), new Session(user, nanos.getAsLong()));
        return id;
    }

    synchronized Optional<User> find(String id) {
        String code = secrets.codeOf(id);
        Session session = byCode.get(code);
        if (session == null) {
            return Optional.empty();
        }
        if (nanos.getAsLong() - session.since() > LIFE_NANOS) {
            byCode.remove(code);
            return Optional.empty();
        }
        return Optional.of(session.user());
    }

    synchronized void end(String id) {
        byCode.remove(secrets.codeOf(id));
    }
}
