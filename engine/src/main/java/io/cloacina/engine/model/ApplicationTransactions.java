package io.cloacina.engine.model;

import java.sql.Connection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Connects the engine to the transaction manager of an application that uses the engine's database. A submission then
 * joins the transaction of its thread, and the body of a transactional task runs in a transaction that the manager
 * began, together with everything else that takes part in the manager's transactions. It is set with
 * {@link io.cloacina.engine.EngineBuilder#transactions}; the Spring module implements it for Spring's transaction
 * managers. It is called by many threads at once.
 */
public interface ApplicationTransactions {
    /**
     * Returns the connection of the calling thread's transaction on the engine's database. The engine calls it for each
     * submission.
     *
     * @return empty if the thread is not in a transaction: then the submission gets its own
     * @throws RuntimeException if the thread is in a transaction that cannot be joined, such as one on another
     *     database; the submission then throws this exception and stores nothing
     */
    Optional<Connection> current();

    /**
     * Whether the calling thread is in a transaction on the engine's database, even one that a submission cannot join.
     * Calls that use a transaction of their own, such as {@code cancel} and {@code await}, are then refused: on SQLite
     * they would wait for the thread's transaction.
     */
    default boolean isActive() {
        return current().isPresent();
    }

    /**
     * Begins a new transaction in the calling thread, runs {@code work} on its connection, and commits. If {@code work}
     * throws, the transaction is rolled back and the exception is rethrown. This method must return normally if and
     * only if the transaction was committed: after a silent rollback the engine would lose the end of the task.
     * Exceptions of code that runs after the commit must be logged, not thrown: the engine takes an exception for a
     * failed commit, and later tasks are delayed until it finds out that the commit succeeded. The engine calls this
     * for each run of the body of a transactional task.
     *
     * @param work throws unchecked exceptions only; it does not commit, roll back or close the connection
     * @throws RuntimeException if {@code work} throws, or the transaction could not be begun or committed. If a
     *     {@link java.sql.SQLException} is among the causes, it decides whether the body runs again immediately
     */
    void run(Consumer<Connection> work);
}
