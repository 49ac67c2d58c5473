package io.cloacina.schema.database;

import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A transaction that may write. On SQLite it holds the only write lock from its beginning. On PostgreSQL it is READ COMMITTED:
 * guard a change by its conditions and look at the number of changed rows.
 */
public final class WriteTransaction extends ReadTransaction {
    WriteTransaction(Session session) {
        super(session);
    }

    /**
     * From now on a statement of this transaction fails with {@link ErrorKind#BUSY} when it waits longer than that, at least a
     * millisecond, for a lock that another transaction holds. On SQLite this says nothing: who writes has the only lock.
     */
    public void waitForLocksAtMost(Duration longest) {
        requireUsable();
        try {
            session().limitLockWaits(longest);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /** Runs a change and returns the number of rows it changed. */
    public <P> int run(Command<P> command, P argument) {
        requireUsable();
        try {
            return session().execute(command, argument);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /** Runs a change for each argument and returns the numbers of rows changed, in the order of the arguments. */
    public <P> int[] batch(Command<P> command, List<P> arguments) {
        requireUsable();
        try {
            return session().executeBatch(command, arguments);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /** Runs a change and returns what it reads of the rows it changed. */
    public <P, R> List<R> list(ChangeReturning<P, R> change, P argument) {
        return listed(change, argument);
    }

    /** Runs a change of at most one row and returns what it reads of it. */
    public <P, R> Optional<R> find(ChangeReturning<P, R> change, P argument) {
        return found(change, argument);
    }

    /**
     * Runs a change for each argument, at most one row each, and returns what it reads of them in the order of the arguments;
     * an argument that changed nothing has nothing to read. On PostgreSQL all are sent at once if only ids, instants, numbers
     * and truth values are read; with a text among them, or an enum, which is one, each is a round trip.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if an argument changes more than one row
     */
    public <P, R> List<Optional<R>> findEach(ChangeReturning<P, R> change, List<P> arguments) {
        requireUsable();
        try {
            return session().findEach(change, arguments);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }
}
