package io.cloacina.spring;

import org.springframework.context.SmartLifecycle;

/** Ends the open streams of events before the web server waits for the calls that it still answers. */
final class StreamsLifecycle implements SmartLifecycle {
    private final Runnable end;
    private volatile boolean isRunning;

    StreamsLifecycle(Runnable end) {
        this.end = end;
    }

    @Override
    public void start() {
        isRunning = true;
    }

    @Override
    public void stop() {
        isRunning = false;
        end.run();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }
}
