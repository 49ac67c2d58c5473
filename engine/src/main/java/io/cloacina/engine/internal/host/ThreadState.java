package io.cloacina.engine.internal.host;

import org.jspecify.annotations.Nullable;

/**
 * The state of a thread that code of the application may change, saved before that code runs and restored after it, so that
 * neither the next code in this thread nor its owner sees a change. Thread locals that the code leaves cannot be found.
 */
public record ThreadState(
        String name,
        int priority,
        @Nullable ClassLoader loader,
        Thread.@Nullable UncaughtExceptionHandler handler,
        boolean interrupted) {
    /**
     * Saves the state of this thread and clears its interrupt flag, because an earlier interrupt is not meant for the code that
     * runs next.
     */
    public static ThreadState aside() {
        Thread thread = Thread.currentThread();
        return new ThreadState(
                thread.getName(),
                thread.getPriority(),
                thread.getContextClassLoader(),
                thread.getUncaughtExceptionHandler(),
                Thread.interrupted());
    }

    /** Restores the saved state of this thread. */
    @SuppressWarnings("ThreadPriorityCheck") // it is restored, not relied on
    public void restore() {
        Thread thread = Thread.currentThread();
        if (!thread.getName().equals(name)) {
            thread.setName(name);
        }
        if (thread.getPriority() != priority) {
            thread.setPriority(priority);
        }
        if (thread.getContextClassLoader() != loader) {
            thread.setContextClassLoader(loader);
        }
        if (thread.getUncaughtExceptionHandler() != handler) {
            // For a thread without a handler, the JDK returns its thread group as the handler.
            thread.setUncaughtExceptionHandler(handler == thread.getThreadGroup() ? null : handler);
        }
        if (!interrupted) {
            Thread.interrupted();
        } else {
            thread.interrupt();
        }
    }
}
