package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.run.SettledEvents;
import io.cloacina.engine.internal.store.EventStore;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.EventPage;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.migration.OptionalIndexes;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Duration;
import java.util.List;

/**
 * The stream of events that all processes have stored: executions that were submitted or ended, and tasks that ended.
 * It is read page by page from the rows of executions and tasks; nothing else is written for it. It needs three
 * indexes, which {@link #enable} creates. For what this engine alone does, an
 * {@link io.cloacina.engine.model.EngineListener} is called immediately and with more detail.
 *
 * <pre>{@code
 * EventPage page = engine.events().after(cursor, 500);
 * page.events().forEach(this::note);
 * store(page.next().toString());
 * }</pre>
 *
 * <p>A consumer that continues from {@code next} each time gets every event once, ordered by its time, including events
 * of transactions that commit late: an event is delivered two seconds after its time, and later while a transaction is
 * open that may still store an earlier one. That holds as long as the clocks of the processes differ by at most two
 * seconds and are not set back further. An event exists as long as its row: rows that retention or
 * {@link WorkflowClient#delete} removes first are not delivered. Neither is the end of an execution or a task that a
 * retry has undone before it was read; its later end is. Thread safe.
 */
public final class Events {
    /** How long after its time an event may still be stored: processes read their clocks before they write. */
    static final Duration SETTLING = SettledEvents.SETTLING;

    private static final int MAX_LIMIT = 10_000;

    private final RunningEngine engine;
    private final Duration settling;

    Events(RunningEngine engine, Duration settling) {
        this.engine = engine;
        this.settling = settling;
    }

    /**
     * Returns the events after a position in the stream; empty if there are none yet. On SQLite it waits for the write
     * lock.
     *
     * @param limit the maximum number of events, from 1 to 10,000
     * @throws CloacinaException with the code {@code EVENTS_OFF} if the stream is not {@linkplain #enable enabled};
     *     with {@code EVENTS_UNSEEN} if a transaction of another PostgreSQL role has changed the tables and this role
     *     may not see how long that transaction has been open
     */
    public EventPage after(EventCursor cursor, int limit) {
        Arguments.given("the cursor", cursor);
        Arguments.number(ErrorCodes.INVALID_LIMIT, "a limit must be", limit, 1, MAX_LIMIT);
        EventStore.Span span = new EventStore.Span(cursor, completeBefore(), limit + 1);
        List<StoredEvent> found = engine.database().list(EventStore.PAGE, span);
        boolean isMore = found.size() > limit;
        List<StoredEvent> events = List.copyOf(isMore ? found.subList(0, limit) : found);
        return new EventPage(
                events,
                events.isEmpty() ? cursor : events.get(events.size() - 1).cursor(),
                isMore);
    }

    /**
     * Enables the stream, by creating its indexes if they are missing; events that were stored before are included.
     * Writers wait while the indexes are built, a second or two for a million executions. From then on, every execution
     * and every task also writes index entries. {@link #disable} drops the indexes.
     *
     * @throws DatabaseException if the database refuses it, such as for a role that does not own the tables
     */
    public void enable() {
        OptionalIndexes.create(engine.database(), CloacinaSchema.SCHEMA);
    }

    /**
     * Disables the stream for all processes, by dropping its indexes; does nothing if there are none.
     *
     * @throws DatabaseException if the database refuses it
     */
    public void disable() {
        OptionalIndexes.drop(engine.database(), CloacinaSchema.SCHEMA);
    }

    /** Whether the stream is enabled: the database has its indexes. */
    public boolean isEnabled() {
        return SettledEvents.areOn(engine.database());
    }

    private UniversalTimestamp completeBefore() {
        return new SettledEvents(engine.database(), engine.settings().clock(), settling).completeBefore();
    }
}
