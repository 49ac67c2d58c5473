package io.cloacina.server.page;

import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.Handler;
import io.cloacina.server.http.Method;
import io.cloacina.server.http.Route;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds what open pages cost that their scripts read again: together at most a share of the time of all processors. One that comes
 * when that is used up is answered with nothing, keeps what it shows, and asks again some seconds later. What a person asks for is
 * always answered, and does not count. Thread safe.
 */
final class Refreshes {
    /** The header by which the script tells that nobody asked. */
    static final String HEADER = "Cloacina-Refresh";

    private static final double SHARE = 0.01;

    /** What is saved up while nothing is read. */
    private static final double MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final LongSupplier nanos;
    private final double share;
    private double leftNanos = MOST_NANOS; // guarded by this, as the next
    private long lastAtNanos;

    Refreshes() {
        this(System::nanoTime, Runtime.getRuntime().availableProcessors());
    }

    Refreshes(LongSupplier nanos, int processors) {
        this.nanos = nanos;
        this.share = SHARE * processors;
        this.lastAtNanos = nanos.getAsLong();
    }

    /** The same route; if it is a page, within the bound. */
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
