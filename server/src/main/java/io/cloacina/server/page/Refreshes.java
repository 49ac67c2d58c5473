package io.cloacina.server.page;

import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Handler;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.Route;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the cost of pages that are open and that their scripts read again: together they use at most a share of the time of
 * all processors. A refresh beyond that gets an empty answer; the script keeps the page as it is, and tries again some seconds
 * later. Requests of users are always answered, and do not count. Thread safe.
 */
final class Refreshes {
    /** The header by which a script marks a request that no user made. */
    static final String HEADER = "Cloacina-Refresh";

    private static final double SHARE = 0.01;

    /** The time that can be saved up while nothing is read. */
    private static final double MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final LongSupplier nanos;
    private final double share;
    private double leftNanos = MOST_NANOS; // this and the next are guarded by this
    private long lastAtNanos;

    Refreshes() {
        this(System::nanoTime, Runtime.getRuntime().availableProcessors());
    }

    Refreshes(LongSupplier nanos, int processors) {
        this.nanos = nanos;
        this.share = SHARE * processors;
        this.lastAtNanos = nanos.getAsLong();
    }

    /** The same route, within the limit if it is a page. */
    Route bounded(Route route) {
        return route.method() == Method.GET
                ? new Route(Method.GET, route.template(), route.role(), bounded(route.handler()))
                : route;
    }

    private Handler bounded(Handler handler) {
        return call -> call.header(HEADER) == null ? handler.handle(call) : refreshed(call, handler);
    }

    private Answer refreshed(Call call, Handler handler) {
        if (!mayBegin()) {
            return Answer.empty();
        }
        long begunAt = nanos.getAsLong();
        try {
            return handler.handle(call);
        } finally {
            took(nanos.getAsLong() - begunAt);
        }
    }

    synchronized boolean mayBegin() {
        long now = nanos.getAsLong();
        leftNanos = Math.min(MOST_NANOS, leftNanos + (now - lastAtNanos) * share);
        lastAtNanos = now;
        return leftNanos > 0;
    }

    synchronized void took(long tookNanos) {
        leftNanos -= tookNanos;
    }
}
