package io.cloacina.server.api;

import io.cloacina.engine.model.EventCursor;

/** A client that receives events after a cursor. The fields of this class are used only by the thread that reads events. */
abstract class EventReceiver {
    private EventCursor reached;
    private boolean isBehind;

    /** @param isBehind whether there may be many events already */
    EventReceiver(EventCursor from, boolean isBehind) {
        this.reached = from;
        this.isBehind = isBehind;
    }

    /** Sends a text without waiting for the client; a client that is too slow is disconnected. */
    abstract void send(String text);

    /** Whether much of what was sent has not been taken by the client yet. */
    abstract boolean isSlow();

    /** Ends the connection from this side; does nothing if it has ended. */
    abstract void end();

    /** Whether either side has ended the connection. */
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
