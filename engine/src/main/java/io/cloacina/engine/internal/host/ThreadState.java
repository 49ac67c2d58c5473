package io.cloacina.engine.internal.host;

import org.jspecify.annotations.Nullable;

/**
 * What somebody else's code may change of the thread that it runs in, to be put back after it: neither the next code that runs
 * there nor whoever the thread belongs to is to find it. What it leaves in thread locals cannot be found.
 */
public record ThreadState(
        String name,
        int priority,
        @Nullable ClassLoader loader,
        Thread.@Nullable UncaughtExceptionHandler handler,
        boolean interrupted) {
    /** Puts that of this thread aside: an interrupt that came before is not for what runs next. */
    public static ThreadState aside() {
        Thread thread = Thread.currentThread();
        return new ThreadState(
                thread.getName(),
                thread.getPriority(),
                thread.getContextClassLoader(),
                thread.getUncaughtExceptionHandler(),
                Thread.interrupted());
    }

    /** Puts this thread back into it. */
    @SuppressWarnings("ThreadPriorityCheck") // it is put back, not relied on
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
            // A thread without one says that its group handles what is thrown.
            thread.setUncaughtExceptionHandler(handler == thread.getThreadGroup() ? null : handler);
        }
        if (!interrupted) {
            Thread.interrupted();
        } else {
            thread.interrupt();
        }
    }
}
