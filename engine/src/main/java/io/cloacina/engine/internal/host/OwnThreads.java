package io.cloacina.engine.internal.host;

import org.jspecify.annotations.Nullable;

/**
 * What each thread is doing for an engine at present. A thread that the engine waits for must not wait for the engine, because
 * it would wait for itself. Thread safe.
 */
public final class OwnThreads {
    @SuppressWarnings("ThreadLocalUsage") // one engine may be closed by a thread of another one
    private final ThreadLocal<Work> present = new ThreadLocal<>();

    /** What a thread does. */
    public enum Work {
        /** The body of a task, with everything that surrounds it. */
        BODY,
        /** A callback or a listener. */
        CALLBACK,
        /** Internal work of the engine. */
        OTHER
    }

    /** Runs something as a thread of the engine. */
    public void run(Work work, Runnable doing) {
        Work before = present.get();
        present.set(work);
        try {
            doing.run();
        } finally {
            if (before == null) {
                present.remove();
            } else {
                present.set(before);
            }
        }
    }

    /** What this thread does for the engine; null if it does nothing for it. */
    @Nullable
    public Work present() {
        return present.get();
    }
}
