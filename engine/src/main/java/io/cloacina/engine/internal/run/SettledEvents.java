package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.store.EventStore;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Clock;
import java.time.Duration;

/** Finds the time up to which the stream of events is complete. Thread safe. */
public final class SettledEvents {
    /** How long after its time an event may still be stored, because a process reads its clock before it writes. */
    public static final Duration SETTLING = Duration.ofSeconds(2);

    private final Database database;
    private final Clock clock;
    private final Duration settling;

    public SettledEvents(Database database, Clock clock, Duration settling) {
        this.database = database;
        this.clock = clock;
        this.settling = settling;
    }

    /** Whether the database has the indexes for reading the stream. */
    public static boolean areOn(Database database) {
        return isComplete(database.list(EventStore.COMPLETENESS).get(0));
    }

    private static boolean isComplete(EventStore.Completeness found) {
        return found.indexes() == EventStore.INDEXES.size();
    }

    /** The error for a database without these indexes. */
    public static CloacinaException off() {
        return new CloacinaException(
                ErrorCodes.EVENTS_OFF,
                "the stream of events is not enabled on this database: call events().enable() once, or run"
                        + " './cloacina events --enable'");
    }

    /**
     * The time before which no further event is stored. It is determined in a write transaction that writes nothing, because on
     * SQLite no other one exists meanwhile. Read the events after this call, so that what was committed meanwhile is included.
     */
    public UniversalTimestamp completeBefore() {
        return database.write(transaction -> {
            UniversalTimestamp now = UniversalTimestamp.now(clock);
            EventStore.Completeness found =
                    transaction.list(EventStore.COMPLETENESS).get(0);
            if (!isComplete(found)) {
                throw off();
            }
            if (found.unseen() > 0) {
                throw new CloacinaException(
                        ErrorCodes.EVENTS_UNSEEN,
                        "a transaction of another role has changed the tables, and this role does not see since when it"
                                + " is open: GRANT pg_read_all_stats to the role that reads events");
            }
            return now.saturatedPlus(
                    settling.plusNanos(found.oldestMicros() * 1_000).negated());
        });
    }
}
