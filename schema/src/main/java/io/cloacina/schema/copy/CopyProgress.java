package io.cloacina.schema.copy;

/** Hears how far a copy is, in the thread that copies. */
public interface CopyProgress {
    /** Says nothing. */
    CopyProgress NONE = (step, table, rows, of) -> {};

    /** What is being done. */
    enum Step {
        /** Rows are written. */
        COPYING,
        /** Both sides are read. */
        COMPARING
    }

    /**
     * So many rows of a table are done.
     *
     * @param of how many rows the source had when the table was begun
     */
    void reached(Step step, String table, long rows, long of);
}
