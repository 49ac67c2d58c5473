package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.store.EventStore;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Clock;
import java.time.Duration;

/** Up to when the stream of events is complete. Thread safe. */
public final class SettledEvents {
    /** For how long after its time an event may still be stored: processes look at their clocks before they write. */
    public static final Duration SETTLING = Duration.ofSeconds(2);

    private final Database database;
    private final Clock clock;
    private final Duration settling;

    public SettledEvents(Database database, Clock clock, Duration settling) {
        this.database = database;
        this.clock = clock;
        this.settling = settling;
    }

    /** Whether the database has the indexes that the stream is read by. */
    public static boolean areOn(Database database) {
        return isComplete(database.list(EventStore.COMPLETENESS).get(0));
    }

    private static boolean isComplete(EventStore.Completeness found) {
        return found.indexes() == EventStore.INDEXES.size();
    }

    /** The error for a database that does not have them. */
    public static CloacinaException off() {
        return new CloacinaException(
                "EVENTS_OFF",
                "the stream of events is not enabled on this database: call events().enable() once, or run"
                        + " './cloacina events --enable'");
    }

    /**
     * Before this time nothing more is stored. It is found in a transaction that writes, although it does not: on SQLite
     * there is no other one then. What is read is read afterwards, so that what was committed meanwhile is seen.
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
                        "EVENTS_UNSEEN",
                        "a transaction of another role has changed the tables, and this role does not see since when it"
                                + " is open: GRANT pg_read_all_stats to the role that reads events");
            }
            return now.saturatedPlus(
                    settling.plusNanos(found.oldestMicros() * 1_000).negated());
        });
    }
}
