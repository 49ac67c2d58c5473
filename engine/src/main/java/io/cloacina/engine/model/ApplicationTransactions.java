package io.cloacina.engine.model;

import java.sql.Connection;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The transactions of the application on the engine's database, as its transaction manager begins and ends them. With
 * this, a submission joins the transaction that its thread is in, and the body of a transactional task runs in one that
 * the manager began: whatever takes part in the manager's transactions takes part in the task's. Given to {@link
 * io.cloacina.engine.EngineBuilder#transactions}; the module for Spring has one for its transaction managers. Called by
 * many threads at once.
 */
public interface ApplicationTransactions {
    /**
     * The connection of the transaction that the calling thread is in, on the engine's database. Called by each
     * submission.
     *
     * @return empty if the thread is in no transaction: then the submission has one of its own
     * @throws RuntimeException if the thread is in a transaction that cannot be joined, such as one of another database:
     *     the submission throws it and stores nothing
     */
    Optional<Connection> current();

    /**
     * Whether the calling thread is in a transaction on the engine's database, be it one in which nothing can be submitted.
     * Calls with a transaction of their own, such as {@code cancel} and {@code await}, are then refused: on SQLite they would
     * wait for the thread's.
     */
    default boolean isActive() {
        return current().isPresent();
    }

    /**
     * Begins a new transaction in the calling thread, does the work on its connection, and commits it. When the work
     * throws, it is rolled back and that is thrown on. It returns if and only if the transaction is committed: a manager that
     * rolls back and says nothing would lose the end of the task. What code that runs after the commit throws is logged, and
     * not thrown: what it throws is taken for a commit that failed, and the tasks after this one are held up until the engine
     * finds that it was not. Called for each run of the body of a transactional task.
     *
     * @param work throws unchecked exceptions only; it neither commits nor rolls back nor closes the connection
     * @throws RuntimeException also when the transaction could not be begun or committed. If an {@link
     *     java.sql.SQLException} is among the causes, the engine decides by it whether the body runs again at once
     */
    void run(Consumer<Connection> work);
}
