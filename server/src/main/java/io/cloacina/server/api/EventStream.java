package io.cloacina.server.api;

import io.cloacina.engine.model.EventCursor;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A response that is written when events come, without a thread of its own: by the thread that has something to write,
 * or by the container when the client can take more. No lock is held while writing, because the container has locks of
 * its own.
 */
final class EventStream extends EventReceiver implements WriteListener, AsyncListener {
    private static final int SLOW = 1 << 18;
    private static final int TOO_SLOW = 1 << 22;

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final Queue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingBytes = new AtomicInteger();
    /** How often writing was requested since a thread began to write: the thread that finds 0 writes for all. */
    private final AtomicInteger wanted = new AtomicInteger();

    private volatile boolean mayWrite;
    private volatile boolean isEnding;
    private volatile boolean isEnded;
    /** Used only by the thread that writes. */
    private boolean isUnflushed;

    EventStream(AsyncContext context, EventCursor from, boolean isBehind) throws IOException {
        super(from, isBehind);
        this.context = context;
        this.out = context.getResponse().getOutputStream();
    }

    /** Starts writing. */
    void begin() {
        context.setTimeout(0);
        context.addListener(this);
        out.setWriteListener(this);
    }

    @Override
    void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (waitingBytes.addAndGet(bytes.length) > TOO_SLOW) {
            isEnding = true;
        } else {
            waiting.add(bytes);
        }
        write();
    }

    @Override
    boolean isSlow() {
        return waitingBytes.get() > SLOW;
    }

    @Override
    void end() {
        isEnding = true;
        write();
    }

    @Override
    boolean isEnded() {
        return isEnded;
    }

    private void write() {
        int seen = 1;
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        do {
            writeWhatWaits();
            seen = wanted.addAndGet(-seen);
        } while (seen != 0);
    }

    private void writeWhatWaits() {
        try {
            while (mayWrite && !isEnded && !isEnding && out.isReady()) {
                byte[] next = waiting.poll();
                if (next != null) {
                    waitingBytes.addAndGet(-next.length);
                    isUnflushed = true;
                    out.write(next);
                } else if (isUnflushed) {
                    isUnflushed = false;
                    out.flush();
                } else {
                    return;
                }
            }
        } catch (IOException | IllegalStateException e) {
            // The client has disconnected.
            isEnding = true;
        }
        if (isEnding && !isEnded) {
            isEnded = true;
            try {
                context.complete();
            } catch (IllegalStateException e) {
                // The container has completed it already.
            }
        }
    }

    @Override
    public void onWritePossible() {
        mayWrite = true;
        write();
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        isEnded = true;
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end();
    }

    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Called only for a second start, which never happens.
    }
}
