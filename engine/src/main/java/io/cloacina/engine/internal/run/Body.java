package io.cloacina.engine.internal.run;

/** A body that waits for a thread: either it is run, or {@link #refused} is called, never both. */
interface Body extends Runnable {
    /** No thread is available for it. */
    void refused(Throwable why);
}
