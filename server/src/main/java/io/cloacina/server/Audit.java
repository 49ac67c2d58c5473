package io.cloacina.server;

import io.cloacina.api.CloacinaException;
import io.cloacina.server.access.User;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.http.Route;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs who asked for which change, and how that ended: one line each, without what was sent along. */
final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger("io.cloacina.audit");
    private static final int LONGEST = 300;

    Answer of(@Nullable User user, Call call, Route route, Supplier<Answer> change) {
        int status = 500;
        try {
            Answer answer = change.get();
            status = answer.status();
            return answer;
        } catch (CloacinaException e) {
            status = RequestException.statusOf(e);
            throw e;
        } finally {
            LOG.info(
                    "user={} role={} from={} {} {} status={}",
                    user == null ? "-" : quoted(user.name()),
                    user == null ? "-" : user.role(),
                    call.address(),
                    route.method(),
                    quoted(call.path()),
                    status);
        }
    }

    /** In quotes, without anything that could end the line or look like another one. */
    static String quoted(String text) {
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return "\"" + shown.replaceAll("[\\p{Cntrl}\"\\\\\u2028\u2029]", "?") + "\"";
    }
}
