package io.cloacina.server;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.AuditLog;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AuditOutcome;
import io.cloacina.engine.model.AuditedChange;
import io.cloacina.server.access.User;
import io.cloacina.server.guard.Attempts;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.http.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores and logs who asked for which change, and how that ended, without what was sent along. The change of a known
 * caller begins only when it is stored that it was asked for.
 */
final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger("io.cloacina.audit");
    private static final int MOST_OF_ADDRESS = 100;
    private static final int REFUSALS_A_MINUTE = 60;
    private static final AuditOutcome UNEXPECTED = new AuditOutcome(500, "UNSPECIFIED", null);

    private final Engine engine;
    private final boolean isReadOnly;
    private final Attempts refusals = new Attempts(REFUSALS_A_MINUTE, System::nanoTime);

    /** @param isReadOnly whether every change is refused: then nothing is stored */
    Audit(Engine engine, boolean isReadOnly) {
        this.engine = engine;
        this.isReadOnly = isReadOnly;
    }

    /**
     * Makes a change unless it is refused.
     *
     * @param user null if everybody may ask for it, as for a login: that is only logged
     * @param refusing throws if it is refused
     */
    Answer of(@Nullable User user, Call call, Route route, Runnable refusing, Supplier<Answer> change) {
        AuditedChange asked = user == null ? null : asked(user, call, route);
        AuditOutcome outcome = UNEXPECTED;
        UUID entry = null;
        boolean isRefused = true;
        try {
            refusing.run();
            isRefused = false;
            entry = asked == null ? null : log().begin(asked);
            Answer answer = change.get();
            outcome = new AuditOutcome(answer.status(), null, made(answer, asked));
            return answer;
        } catch (CloacinaException e) {
            outcome = new AuditOutcome(RequestException.statusOf(e), e.code(), null);
            throw e;
        } finally {
            log(user, call, route, outcome.status());
            if (entry != null) {
                end(entry, outcome);
            } else if (isRefused && asked != null) {
                refused(asked, outcome);
            }
        }
    }

    private AuditLog log() {
        return engine.audit();
    }

    private void end(UUID entry, AuditOutcome outcome) {
        try {
            log().end(entry, outcome);
        } catch (RuntimeException e) {
            // The change is made or not, whatever happens to the entry, which says that it was asked for.
            LOG.warn("how the change of the audit entry {} ended could not be stored: {}", entry, outcome, e);
        }
    }

    /** Stored too, unless there are so many that they would be the attack. */
    private void refused(AuditedChange asked, AuditOutcome outcome) {
        if (isReadOnly || !refusals.isAllowed(asked.user())) {
            return;
        }
        try {
            log().refused(asked, outcome);
        } catch (RuntimeException e) {
            // The caller hears of the refusal, and not of this.
            LOG.warn("a refused change could not be stored: {}", asked, e);
        }
    }

    private static AuditedChange asked(User user, Call call, Route route) {
        List<String> object = new ArrayList<>();
        for (String part : route.template().split("/", -1)) {
            if (part.startsWith("{")) {
                object.add(call.part(part.substring(1, part.length() - 1)));
            }
        }
        String named = storable(String.join("/", object), AuditedChange.MAX_OBJECT);
        return new AuditedChange(
                user.name(),
                user.role().name(),
                call.address().isBlank() ? "unknown" : storable(call.address(), MOST_OF_ADDRESS),
                route.method() + " " + route.template(),
                named.isBlank() ? null : named);
    }

    /** The id at the end of where the answer leads to, if that is not what was to be changed. */
    private static @Nullable String made(Answer answer, @Nullable AuditedChange asked) {
        String location = answer.headers().getOrDefault("Location", "");
        String last = location.substring(location.lastIndexOf('/') + 1);
        if (asked == null || last.equals(asked.object())) {
            return null;
        }
        try {
            return UUID.fromString(last).toString();
        } catch (IllegalArgumentException e) {
            return null; // it leads to something that has a name, or to a page
        }
    }

    private static void log(@Nullable User user, Call call, Route route, int status) {
        LOG.info(
                "user={} role={} from={} {} {} status={}",
                user == null ? "-" : quoted(user.name()),
                user == null ? "-" : user.role(),
                call.address(),
                route.method(),
                quoted(call.path()),
                status);
    }

    /** In quotes, without anything that could end the line or look like another one. */
    static String quoted(String text) {
        return "\"" + storable(text, AuditedChange.MAX_OBJECT).replaceAll("[\"\\\\\u2028\u2029]", "?") + "\"";
    }

    /** Cut to so many characters, and without those that a name may not have. */
    private static String storable(String text, int most) {
        String cut = text.length() > most ? text.substring(0, most - 1) + "…" : text;
        return cut.replaceAll("[\\p{Cc}\\p{Cs}]", "?");
    }
}
