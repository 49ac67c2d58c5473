package io.cloacina.server;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AuditOutcome;
import io.cloacina.engine.model.AuditedChange;
import io.cloacina.server.access.User;
import io.cloacina.server.guard.Attempts;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.AuditedCall;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.http.Route;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores and logs who requested which change, and how that ended, without the data that was sent. A change of an identified
 * caller begins only after the request for it is stored.
 */
final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger("io.cloacina.audit");
    private static final int MOST_NAME = 100;
    private static final int REFUSALS_A_MINUTE = 60;

    private final Engine engine;
    private final boolean isReadOnly;
    private final boolean isOpen;
    private final Attempts refusals = new Attempts(REFUSALS_A_MINUTE, System::nanoTime);

    /**
     * The audit of an engine.
     *
     * @param isReadOnly whether every change is refused: then nothing is stored
     * @param isOpen whether callers need not authenticate
     */
    Audit(Engine engine, boolean isReadOnly, boolean isOpen) {
        this.engine = engine;
        this.isReadOnly = isReadOnly;
        this.isOpen = isOpen;
    }

    /**
     * Makes a change, unless it is refused.
     *
     * @param user null if every caller may request it, such as a login: then it is only logged
     * @param refusing throws if the change is refused
     */
    Answer of(@Nullable User user, Call call, Route route, Runnable refusing, Supplier<Answer> change) {
        int status = 500;
        try {
            Answer answer;
            if (user == null) {
                refusing.run();
                answer = change.get();
            } else {
                AuditedChange asked = asked(user, call, route);
                refuse(asked, refusing);
                answer = AuditedCall.change(engine.audit(), asked, change);
            }
            status = answer.status();
            return answer;
        } catch (CloacinaException e) {
            status = RequestException.statusOf(e);
            throw e;
        } finally {
            log(user, call, route, status);
        }
    }

    private void refuse(AuditedChange asked, Runnable refusing) {
        try {
            refusing.run();
        } catch (CloacinaException e) {
            refused(asked, new AuditOutcome(RequestException.statusOf(e), e.code(), null));
            throw e;
        }
    }

    /** Stores a refused change, unless a caller has so many that storing them would be an attack itself. */
    private void refused(AuditedChange asked, AuditOutcome outcome) {
        if (isReadOnly || !refusals.isAllowed(asked.user())) {
            return;
        }
        try {
            engine.audit().refused(asked, outcome);
        } catch (RuntimeException e) {
            // The caller gets the error about the refusal, not this one.
            LOG.warn("a refused change could not be stored: {}", asked, e);
        }
    }

    private AuditedChange asked(User user, Call call, Route route) {
        List<String> object = new ArrayList<>();
        for (String part : route.template().split("/", -1)) {
            if (part.startsWith("{")) {
                object.add(call.part(part.substring(1, part.length() - 1)));
            }
        }
        String action = route.method() + " " + route.template();
        return AuditedCall.asked(name(user, call), user.role().name(), call, action, String.join("/", object));
    }

    /**
     * The name of a caller. Where callers need not authenticate, the container, or a filter before the servlet, may still know
     * it.
     */
    private String name(User user, Call call) {
        Principal principal = isOpen ? call.request().getUserPrincipal() : null;
        String name = principal == null ? null : principal.getName();
        return name == null || name.isBlank() ? user.name() : AuditedCall.storable(name, MOST_NAME);
    }

    private void log(@Nullable User user, Call call, Route route, int status) {
        LOG.info(
                "user={} role={} from={} {} {} status={}",
                user == null ? "-" : quoted(name(user, call)),
                user == null ? "-" : user.role(),
                call.address(),
                route.method(),
                quoted(call.path()),
                status);
    }

    /** A text in quotes, without characters that could end the line or look like another entry. */
    static String quoted(String text) {
        return "\"" + AuditedCall.storable(text, AuditedChange.MAX_OBJECT).replaceAll("[\"\\\\\u2028\u2029]", "?")
                + "\"";
    }
}
