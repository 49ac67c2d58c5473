package io.cloacina.schema.database;

/** The use of a database by a part of the program, which keeps it open. Thread safe. */
public interface Use extends AutoCloseable {
    /** Ends the use. Does nothing if it has ended. */
    @Override
    void close();
}
