package io.cloacina.schema.copy;

/** Receives the progress of a copy, in the thread that copies. */
public interface CopyProgress {
    /** Ignores the progress. */
    CopyProgress NONE = (step, table, rows, of) -> {};

    /** The phase of a copy. */
    enum Step {
        /** Rows are written. */
        COPYING,
        /** Both sides are read. */
        COMPARING
    }

    /**
     * A number of rows of a table has been processed.
     *
     * @param of the number of rows of the source when the table was begun
     */
    void reached(Step step, String table, long rows, long of);
}
