package io.cloacina.server.api;

import io.cloacina.engine.model.EventCursor;

/** Somebody to whom events are told from a place on. What is not {@code final} belongs to the thread that reads for all. */
abstract class EventReceiver {
    private EventCursor reached;
    private boolean isBehind;

    /** @param isBehind whether there may be many events already */
    EventReceiver(EventCursor from, boolean isBehind) {
        this.reached = from;
        this.isBehind = isBehind;
    }

    /** Sends it off, and does not wait for that; one that is too slow is ended. */
    abstract void send(String text);

    /** Whether much of what was sent is not taken yet. */
    abstract boolean isSlow();

    /** Ends it, from this side. Ending it again does nothing. */
    abstract void end();

    /** Whether either side has ended it. */
    abstract boolean isEnded();

    EventCursor reached() {
        return reached;
    }

    boolean isBehind() {
        return isBehind;
    }

    void reached(EventCursor cursor, boolean isMore) {
        reached = cursor.compareTo(reached) > 0 ? cursor : reached;
        isBehind = isMore;
    }
}
