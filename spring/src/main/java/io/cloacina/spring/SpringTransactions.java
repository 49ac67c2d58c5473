package io.cloacina.spring;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.TaskContext;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.Submission;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transactions of a manager that binds connections of the engine's data source to the thread: those of JDBC and of
 * JPA do. Around a body it makes sure that all its writes have reached the database before its end is recorded, and
 * that a transaction which can only be rolled back fails the body. Thread safe.
 */
final class SpringTransactions implements ApplicationTransactions, EngineInterceptor, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(SpringTransactions.class);

    private final DataSource source;
    private final TransactionTemplate template;
    /** Of the body that the thread runs. */
    @SuppressWarnings("ThreadLocalUsage") // an application may have several engines, and bodies remove it
    private final ThreadLocal<@Nullable TransactionStatus> running = new ThreadLocal<>();
    /**
     * Connections whose transaction has begun to end; they stay bound until Spring has called all code that waits for
     * the end.
     */
    private final ThreadLocal<Set<ConnectionHolder>> ended =
            ThreadLocal.withInitial(() -> Collections.newSetFromMap(new IdentityHashMap<>()));

    SpringTransactions(PlatformTransactionManager manager, DataSource source) {
        this.source = source;
        this.template = new TransactionTemplate(manager);
        template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        template.setName("the body of a transactional task");
        if (manager instanceof ConfigurableTransactionManager configurable) {
            configurable.addListener(new Ends());
        }
    }

    @Override
    public Optional<Connection> current() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            return Optional.empty();
        }
        ConnectionHolder holder = holder();
        if (holder == null) {
            throw new CloacinaException(
                    ErrorCodes.FOREIGN_TRANSACTION,
                    "this thread is in a transaction of another DataSource than the engine's, or of a manager that does not bind"
                            + " its connection, so the submission would not share its end: submit outside of it, or begin one of"
                            + " the engine's transaction manager");
        }
        if (!isActive()) {
            return Optional.empty();
        }
        if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new CloacinaException(
                    ErrorCodes.READ_ONLY_TRANSACTION,
                    "this thread is in a read-only transaction, in which nothing can be submitted: leave out readOnly = true, or"
                            + " submit outside of it");
        }
        return Optional.of(holder.getConnection());
    }

    /**
     * Still true after the end of a JDBC transaction: the thread keeps its connection until Spring has called all code.
     */
    @Override
    public boolean isActive() {
        ConnectionHolder holder = holder();
        return holder != null
                && TransactionSynchronizationManager.isActualTransactionActive()
                && !(ended.get().contains(holder) && commitsByItself(holder));
    }

    private @Nullable ConnectionHolder holder() {
        return TransactionSynchronizationManager.getResource(source) instanceof ConnectionHolder holder ? holder : null;
    }

    /** As Hibernate leaves a connection after the end. */
    private static boolean commitsByItself(ConnectionHolder holder) {
        try {
            return holder.getConnection().getAutoCommit();
        } catch (SQLException e) {
            throw new CloacinaException(
                    ErrorCodes.TRANSACTION_NOT_COMMITTED,
                    "the connection of a transaction that has ended cannot be used to submit: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Code that Spring calls after a commit by JDBC still has the connection, which may never be committed; and on
     * SQLite its driver holds the lock of the next transaction, for which one of the engine would wait. So this method
     * commits submissions that are made then.
     */
    @Override
    public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
        List<UUID> ids = next.submit(submissions);
        ConnectionHolder holder = holder();
        if (holder != null && ended.get().contains(holder) && !commitsByItself(holder)) {
            try {
                holder.getConnection().commit();
            } catch (SQLException e) {
                throw new CloacinaException(
                        ErrorCodes.TRANSACTION_NOT_COMMITTED,
                        "a submission after the end of a transaction could not be committed: " + e.getMessage(),
                        e);
            }
        }
        return ids;
    }

    @Override
    public void run(Consumer<Connection> work) {
        Committed committed = new Committed();
        try {
            template.executeWithoutResult(status -> run(work, status, committed));
        } catch (RuntimeException e) {
            if (!committed.isTrue) {
                throw e;
            }
            LOG.warn("a transactional task has ended, and code that was called after its commit threw", e);
        }
    }

    private void run(Consumer<Connection> work, TransactionStatus status, Committed committed) {
        ConnectionHolder holder = holder();
        if (holder == null) {
            throw new CloacinaException(
                    ErrorCodes.FOREIGN_TRANSACTION,
                    "the transaction manager does not bind a connection of the engine's DataSource: set"
                            + " cloacina.transaction-manager to the one of that DataSource");
        }
        if (TransactionSynchronizationManager.isSynchronizationActive()) { // else nothing is called after the commit
            TransactionSynchronizationManager.registerSynchronization(committed);
        }
        running.set(status);
        try {
            work.accept(holder.getConnection());
        } finally {
            running.remove();
        }
        requireCommittable(status);
    }

    /** Whether a transaction was committed, whatever other code that is called after the commit did. */
    private static final class Committed implements TransactionSynchronization {
        private boolean isTrue;

        @Override
        public void afterCompletion(int status) {
            isTrue = status == STATUS_COMMITTED;
        }
    }

    @Override
    public void aroundBody(TaskContext task, Running next) throws Exception {
        next.run();
        TransactionStatus status = running.get();
        if (status != null) {
            requireCommittable(status);
            status.flush();
        }
    }

    /** Otherwise Spring rolls back silently. */
    private static void requireCommittable(TransactionStatus status) {
        if (status.isRollbackOnly()) {
            throw new UnexpectedRollbackException(
                    "the transaction of the task was marked as rollback-only: a @Transactional method that took part in it threw,"
                            + " or the body asked for that");
        }
    }

    /** No bean: Spring Boot would look for it while it makes the manager, which this one needs. */
    private final class Ends implements TransactionExecutionListener {
        @Override
        public void beforeCommit(TransactionExecution transaction) {
            begins(transaction);
        }

        @Override
        public void beforeRollback(TransactionExecution transaction) {
            begins(transaction);
        }

        @Override
        public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
            isOver(transaction);
        }

        @Override
        public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
            isOver(transaction);
        }

        /** The end of a savepoint is not that of its transaction. */
        private void begins(TransactionExecution transaction) {
            ConnectionHolder holder = holder();
            if (transaction.isNewTransaction() && holder != null) {
                ended.get().add(holder);
            }
        }

        private void isOver(TransactionExecution transaction) {
            ConnectionHolder holder = holder();
            if (transaction.isNewTransaction() && holder != null) {
                Set<ConnectionHolder> all = ended.get();
                all.remove(holder);
                if (all.isEmpty()) {
                    ended.remove();
                }
            }
        }
    }

    /** The outermost: the writes of other interceptors belong to the body, too. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
