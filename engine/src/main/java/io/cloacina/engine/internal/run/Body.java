package io.cloacina.engine.internal.run;

/** A body that is to run in a thread: it is run or refused, never both. */
interface Body extends Runnable {
    /** No thread takes it. */
    void refused(Throwable why);
}
