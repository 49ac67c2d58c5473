package io.cloacina.server.api;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.EventPage;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.server.http.Answer;
import io.cloacina.server.http.Call;
import io.cloacina.server.http.RequestException;
import io.cloacina.server.json.JsonOf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams of events. While there are any, one thread reads for all of them: once a second for all streams that
 * have reached the present together, and page by page for each stream that began earlier. Thread safe.
 */
public final class EventStreams implements AutoCloseable {
    /** How many streams may be open at once. */
    static final int MOST = 64;

    private static final int PAGE = 500;
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);
    private static final long BETWEEN_PAGES = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long BETWEEN_HEARTBEATS = TimeUnit.SECONDS.toNanos(15);
    private static final String HEARTBEAT = ": \n\n";
    private static final String BEGINNING = "retry: 1000\n\n";
    private static final Set<String> FINAL =
            Set.of(ErrorCodes.ENGINE_CLOSED, ErrorCodes.ENGINE_NOT_RUNNING, ErrorCodes.EVENTS_OFF);
    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    private final Reading events;
    private final List<EventReceiver> open = new ArrayList<>();
    private boolean isReading;
    private boolean isClosed;
    private boolean isFailing;

    /** As {@link io.cloacina.engine.Events#after}. */
    @FunctionalInterface
    public interface Reading {
        EventPage after(EventCursor cursor, int limit);
    }

    /** Reads events with {@code events}; nothing is read before a stream is opened. */
    public EventStreams(Reading events) {
        this.events = events;
    }

    /** Answers with a stream that lasts until either side ends it. */
    Answer open(Call call) {
        Optional<EventCursor> from = from(call);
        EventCursor cursor = from.orElseGet(() -> EventCursor.since(Instant.now()));
        // Reads once, so that an error can still be the answer.
        events.after(cursor, 1);
        if (!call.request().isAsyncSupported()) {
            throw new RequestException(
                    "ASYNC_OFF",
                    503,
                    "a stream needs a servlet and filters with asynchronous support: register them with"
                            + " asyncSupported");
        }
        synchronized (this) {
            if (open.size() >= MOST) {
                throw new RequestException(
                        "TOO_MANY_STREAMS", 503, MOST + " streams are open already: end one, or ask again later");
            }
        }
        return Answer.stream("text/event-stream", context -> {
                    EventStream stream = new EventStream(context, cursor, from.isPresent());
                    stream.begin();
                    stream.send(BEGINNING);
                    add(stream);
                })
                // Some proxies would otherwise buffer it until there is more.
                .with("X-Accel-Buffering", "no");
    }

    /** The cursor that the client reached before, or from which it wants to begin; empty to begin now. */
    private static Optional<EventCursor> from(Call call) {
        Params params = new Params(call, "since");
        String last = call.header("Last-Event-ID");
        if (last != null && !last.isBlank()) {
            return Optional.of(EventCursor.parse(last));
        }
        Optional<String> since = params.text("since");
        return since.isPresent() && since.get().contains("_")
                ? since.map(EventCursor::parse)
                : params.past("since").map(EventCursor::since);
    }

    /** Adds a stream; it is ended at once if all have been closed or too many are open. */
    void add(EventReceiver stream) {
        boolean isTaken;
        boolean isFirst = false;
        synchronized (this) {
            isTaken = !isClosed && open.size() < MOST;
            if (isTaken) {
                open.add(stream);
                isFirst = !isReading;
                isReading = true;
                notifyAll();
            }
        }
        if (!isTaken) {
            stream.end();
        }
        if (isFirst) {
            Thread reader = new Thread(this::readWhileOpen, "cloacina-events");
            reader.setDaemon(true);
            reader.start();
        }
    }

    /** Ends all streams; none can be opened afterwards. */
    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        endAll();
    }

    private void readWhileOpen() {
        long looked = System.nanoTime() - BETWEEN_LOOKS;
        long beaten = System.nanoTime();
        boolean isMore = false;
        while (true) {
            List<EventReceiver> streams = awaited(isMore ? BETWEEN_PAGES : BETWEEN_LOOKS);
            if (streams.isEmpty()) {
                return;
            }
            isMore = catchUp(streams);
            long now = System.nanoTime();
            if (now - looked >= BETWEEN_LOOKS) {
                looked = now;
                look(streams);
            }
            if (now - beaten >= BETWEEN_HEARTBEATS) {
                beaten = now;
                streams.forEach(stream -> stream.send(HEARTBEAT));
            }
        }
    }

    /**
     * Waits for that time, or for a new stream; returns the open streams. If there are none, the calling thread must
     * end.
     */
    private synchronized List<EventReceiver> awaited(long nanos) {
        try {
            if (!isClosed) {
                TimeUnit.NANOSECONDS.timedWait(this, nanos);
            }
        } catch (InterruptedException e) {
            // Unexpected; the next check only comes earlier.
        }
        open.removeIf(EventReceiver::isEnded);
        isReading = !open.isEmpty();
        return List.copyOf(open);
    }

    /**
     * Reads the next page for each stream that is behind; whether any still is. If reading fails for one, the others
     * are not tried, and the result is false, so that the next attempt comes after a second.
     */
    boolean catchUp(List<EventReceiver> streams) {
        boolean isMore = false;
        for (EventReceiver stream : streams) {
            if (stream.isBehind() && !stream.isSlow()) {
                EventPage page = read(stream.reached());
                if (page == null) {
                    return false;
                }
                tell(stream, page, encoded(page));
                stream.reached(page.next(), page.isMore());
            }
            isMore |= stream.isBehind();
        }
        return isMore;
    }

    /** Reads once for all streams that have reached the present, beginning with the earliest of their cursors. */
    void look(List<EventReceiver> streams) {
        List<EventReceiver> present =
                streams.stream().filter(stream -> !stream.isBehind()).toList();
        EventCursor first = present.stream()
                .map(EventReceiver::reached)
                .min(Comparator.naturalOrder())
                .orElse(null);
        EventPage page = first == null ? null : read(first);
        while (page != null) {
            List<String> texts = encoded(page);
            for (EventReceiver stream : present) {
                tell(stream, page, texts);
                stream.reached(page.next(), false);
            }
            page = page.isMore() ? read(page.next()) : null;
        }
    }

    private static List<String> encoded(EventPage page) {
        return page.events().stream().map(EventStreams::encoded).toList();
    }

    private static String encoded(StoredEvent event) {
        return "id: " + event.cursor() + "\nevent: " + JsonOf.eventName(event) + "\ndata: " + JsonOf.event(event)
                + "\n\n";
    }

    private static void tell(EventReceiver stream, EventPage page, List<String> texts) {
        StringBuilder news = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            if (page.events().get(i).cursor().compareTo(stream.reached()) > 0) {
                news.append(texts.get(i));
            }
        }
        if (!news.isEmpty()) {
            stream.send(news.toString());
        }
    }

    /**
     * The next page; null if it cannot be read now. After an error that retries cannot fix, all streams are ended:
     * their clients reconnect, and get the error.
     */
    private @Nullable EventPage read(EventCursor after) {
        try {
            EventPage page = events.after(after, PAGE);
            isFailing = false;
            return page;
        } catch (CloacinaException e) {
            if (FINAL.contains(e.code())) {
                endAll();
            } else if (!isFailing) {
                isFailing = true;
                LOG.warn("events cannot be read; retrying each second: {}", e.toString());
            }
            return null;
        }
    }

    /** Ends all streams that are open now. */
    public void endAll() {
        List<EventReceiver> all;
        synchronized (this) {
            all = List.copyOf(open);
            open.clear();
            notifyAll();
        }
        all.forEach(EventReceiver::end);
    }
}
