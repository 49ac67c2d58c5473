package io.cloacina.server.http;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.AuditLog;
import io.cloacina.engine.model.AuditOutcome;
import io.cloacina.engine.model.AuditedChange;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a change after the request for it is stored in the audit log, and stores how it ended. */
public final class AuditedCall {
    private static final Logger LOG = LoggerFactory.getLogger(AuditedCall.class);

    private AuditedCall() {}

    /** Makes a change; if the request for it cannot be stored, the change is not made. */
    public static Answer change(AuditLog log, AuditedChange asked, Supplier<Answer> change) {
        UUID entry = log.begin(asked);
        AuditOutcome outcome = new AuditOutcome(500, ErrorCodes.UNSPECIFIED, null);
        try {
            Answer answer = change.get();
            outcome = new AuditOutcome(answer.status(), null, made(answer, asked));
            return answer;
        } catch (CloacinaException e) {
            outcome = new AuditOutcome(RequestException.statusOf(e), e.code(), null);
            throw e;
        } finally {
            end(log, entry, outcome);
        }
    }

    private static void end(AuditLog log, UUID entry, AuditOutcome outcome) {
        try {
            log.end(entry, outcome);
        } catch (RuntimeException e) {
            // The change was made or not, independent of the entry, which shows that it was requested.
            LOG.warn("the outcome of the change of audit entry {} could not be stored: {}", entry, outcome, e);
        }
    }

    /** The id at the end of the URL in the answer, if it is not the id of the changed object. */
    private static @Nullable String made(Answer answer, AuditedChange asked) {
        String location = answer.headers().getOrDefault("Location", "");
        String last = location.substring(location.lastIndexOf('/') + 1);
        if (last.equals(asked.object())) {
            return null;
        }
        try {
            return UUID.fromString(last).toString();
        } catch (IllegalArgumentException e) {
            return null; // the URL ends with a name, or is that of a page
        }
    }

    /** Describes a change for the audit log, with an address and an object that can be stored. */
    public static AuditedChange asked(String user, @Nullable String role, Call call, String action, String object) {
        String address = call.address();
        String named = storable(object, AuditedChange.MAX_OBJECT);
        return new AuditedChange(
                user,
                role,
                address.isBlank() ? "unknown" : storable(address, 100),
                action,
                named.isBlank() ? null : named);
    }

    /** A text shortened to so many characters, without characters that cannot be stored. */
    public static String storable(String text, int most) {
        String cut = text.length() > most ? text.substring(0, most - 1) + "…" : text;
        return cut.replaceAll("[\\p{Cc}\\p{Cs}]", "?");
    }
}
