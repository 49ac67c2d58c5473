package io.cloacina.engine;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's row among the runners: while its lease lasts, nobody takes its tasks. Written and judged by the clock of the
 * database. A runner that stalled beyond its lease and was removed goes on as a new one.
 */
final class Lease {
    static final Duration DURATION = Duration.ofSeconds(15);
    static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final Database database;
    private final ProcessIdentity process = ProcessIdentity.ofThisProcess();
    private volatile UniversalUuid runner = UniversalUuid.v7();

    Lease(Database database) {
        this.database = database;
    }

    /** The runner's present id. */
    UniversalUuid runner() {
        return runner;
    }

    ProcessIdentity process() {
        return process;
    }

    void register() {
        UniversalUuid fresh = UniversalUuid.v7();
        database.write(transaction -> {
            UniversalTimestamp now = databaseClock(transaction);
            return transaction.run(
                    RunnerStore.REGISTER, new RunnerStore.Registration(fresh, process, now, now.plus(DURATION)));
        });
        runner = fresh;
    }

    void renew() {
        UniversalUuid present = runner;
        boolean kept = database.write(transaction -> {
                    UniversalTimestamp now = databaseClock(transaction);
                    return transaction.run(
                            RunnerStore.RENEW, new RunnerStore.Heartbeat(present, now, now.plus(DURATION)));
                })
                == 1;
        if (!kept) {
            LOG.warn("the lease of runner {} ran out and its tasks were taken; going on as a new runner", present);
            register();
        }
    }

    void end() {
        database.write(transaction -> transaction.run(RunnerStore.REMOVE, runner));
    }

    static UniversalTimestamp databaseClock(WriteTransaction transaction) {
        return transaction.list(RunnerStore.DATABASE_CLOCK).get(0);
    }
}
