package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.run.SettledEvents;
import io.cloacina.engine.internal.store.EventStore;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.EventPage;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.migration.OptionalIndexes;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What all processes have stored, as a stream that is read page by page: executions that were submitted and that have
 * ended, and tasks that have ended. It is read from their rows, so nothing is written for it; it needs three indexes,
 * which a database has from {@link #enable} on. What one engine does is told at once, and in more detail, by its {@link
 * io.cloacina.engine.model.EngineListener}.
 *
 * <pre>{@code
 * EventPage page = engine.events().after(cursor, 500);
 * page.events().forEach(this::note);
 * store(page.next().toString());
 * }</pre>
 *
 * <p>Who passes on {@code next} each time gets every event once, in the order of its time, also what is committed long
 * after that: an event is told two seconds after it, and later while a transaction is open that may still store an earlier
 * one. That holds as long as the clocks of the processes agree to two seconds and are not set back further. An event is
 * there as long as its row: what retention or {@link WorkflowClient#delete} removes before it was read is not told, and
 * neither is the end of an execution or a task that a retry has undone by then; its later end is told. Thread safe.
 */
public final class Events {
    /** For how long after its time an event may still be stored: processes look at their clocks before they write. */
    static final Duration SETTLING = SettledEvents.SETTLING;

    private static final int MAX_LIMIT = 10_000;

    private final Supplier<EngineRuntime> running;
    private final Duration settling;

    /** @param running the parts of the engine; throws if it does not run */
    Events(Supplier<EngineRuntime> running, Duration settling) {
        this.running = running;
        this.settling = settling;
    }

    /**
     * The events after a place in the stream; none if there are none yet. On SQLite it waits as a writer does.
     *
     * @param limit at most so many, 1 to 10,000
     * @throws CloacinaException with the code {@code EVENTS_OFF} if the stream is not {@linkplain #enable enabled}; with
     *     {@code EVENTS_UNSEEN} if a transaction of another role has changed the tables and PostgreSQL does not show this
     *     role since when that is open
     */
    public EventPage after(EventCursor cursor, int limit) {
        Arguments.given("the cursor", cursor);
        Arguments.number(Arguments.INVALID, "the limit of a page of events", limit, 1, MAX_LIMIT);
        EventStore.Span span = new EventStore.Span(cursor, completeBefore(), limit + 1);
        List<StoredEvent> found = database().list(EventStore.PAGE, span);
        boolean isMore = found.size() > limit;
        List<StoredEvent> events = List.copyOf(isMore ? found.subList(0, limit) : found);
        return new EventPage(
                events,
                events.isEmpty() ? cursor : events.get(events.size() - 1).cursor(),
                isMore);
    }

    /**
     * Makes the indexes that the stream is read by, if they are missing; then it also tells what was stored before. Writers
     * wait meanwhile, a second or two for a million executions. From then on each execution and each task costs the
     * database these entries. {@link #disable} takes them back.
     *
     * @throws DatabaseException if the database refuses it, such as to a role that does not own the tables
     */
    public void enable() {
        OptionalIndexes.create(database(), CloacinaSchema.SCHEMA);
    }

    /**
     * Drops the indexes, for all processes; nothing if there are none.
     *
     * @throws DatabaseException if the database refuses it
     */
    public void disable() {
        OptionalIndexes.drop(database(), CloacinaSchema.SCHEMA);
    }

    /** Whether the database has the indexes that the stream is read by. */
    public boolean isEnabled() {
        return SettledEvents.areOn(database());
    }

    private UniversalTimestamp completeBefore() {
        return new SettledEvents(database(), running.get().parts().settings().clock(), settling).completeBefore();
    }

    private Database database() {
        return running.get().parts().database();
    }
}
