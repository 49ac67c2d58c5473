package io.cloacina.engine.internal.write;

import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One try of a transaction, as all of its steps see it: the transaction, the time that they write, what they may claim,
 * and the effects to act upon after the commit. Used by the thread of the transaction.
 */
public final class UnitOfWork {
    private final WriteTransaction transaction;
    private final Clock clock;
    private final CommitEffects effects;
    private @Nullable UniversalTimestamp at;
    private boolean expectsClaims;
    private int changes;

    public UnitOfWork(WriteTransaction transaction, Clock clock, CommitEffects effects) {
        this.transaction = transaction;
        this.clock = clock;
        this.effects = effects;
    }

    /**
     * The claims of attempts that have ended are believed to hold, so that nobody waits for the answer. If one does not, the
     * transaction fails with {@link io.cloacina.schema.database.ErrorKind#STALE}, and is to be run again without this.
     */
    public void expectClaims() {
        expectsClaims = true;
    }

    boolean expectsClaims() {
        return expectsClaims;
    }

    /** How many changes were run so far, whether or not they found rows. */
    int changes() {
        return changes;
    }

    public WriteTransaction transaction() {
        return transaction;
    }

    /** The time of all that this transaction writes: when the first step asks for it, so after a transactional body. */
    public UniversalTimestamp at() {
        if (at == null) {
            at = now();
        }
        return at;
    }

    /** The present time, for rows that must not seem older than a lock for which the transaction waited. */
    UniversalTimestamp now() {
        return UniversalTimestamp.now(clock);
    }

    public CommitEffects effects() {
        return effects;
    }

    ClaimBudget budget() {
        return effects.budget();
    }

    public <P> int run(Command<P> command, P argument) {
        changes++;
        return transaction.run(command, argument);
    }

    public <P> int[] batch(Command<P> command, List<P> arguments) {
        changes++;
        return transaction.batch(command, arguments);
    }

    /** As {@link #batch}, for changes whose counts are not needed: sent with the next statement. */
    public <P> void defer(Command<P> command, List<P> arguments) {
        changes++;
        transaction.defer(command, arguments);
    }

    /** As {@link #defer}, for changes each of which has to change a row, and otherwise the transaction fails. */
    public <P> void expect(Command<P> command, List<P> arguments) {
        changes++;
        transaction.expect(command, arguments);
    }

    public <P, R> List<R> list(ChangeReturning<P, R> change, P argument) {
        changes++;
        return transaction.list(change, argument);
    }

    public <P, R> List<R> list(Select<P, R> select, P argument) {
        return transaction.list(select, argument);
    }

    public <R> List<R> list(Select<NoArgument, R> select) {
        return transaction.list(select);
    }

    public <P, R> Optional<R> find(ChangeReturning<P, R> change, P argument) {
        changes++;
        return transaction.find(change, argument);
    }

    public <P, R> Optional<R> find(Select<P, R> select, P argument) {
        return transaction.find(select, argument);
    }

    public <P, R> List<Optional<R>> findEach(ChangeReturning<P, R> change, List<P> arguments) {
        changes++;
        return transaction.findEach(change, arguments);
    }
}
