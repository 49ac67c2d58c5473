package io.cloacina.engine.internal.write;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications to other processes, after the commits that they announce and in transactions of their own. The
 * first is sent at once; those that follow within {@link #PAUSE} are combined into one. Each takes a lock of the whole
 * server, and makes every process query the database. A notification may be lost: polling finds what it announced.
 * Thread safe.
 */
public final class NotificationSender {
    /** The pause between two notifications of a process. */
    public static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * How many ended, and how many cancelled executions a notification names at most: its length is bounded. Polling
     * finds the others.
     */
    private static final int MAX_NAMED = 90;

    private static final Logger LOG = LoggerFactory.getLogger(NotificationSender.class);

    private final Consumer<String> send;
    private final DelayedExecutor delayed;
    private final LongSupplier nanos;
    private OptionalInt ready = OptionalInt.empty();
    private final Set<String> words = new LinkedHashSet<>();
    private final Set<UniversalUuid> ended = new LinkedHashSet<>();
    private final Set<UniversalUuid> cancelled = new LinkedHashSet<>();
    private boolean isDue;
    private boolean hasSent;
    private long sentAt;

    /** Runs work after a delay; an engine that is driven manually runs it at once. */
    public interface DelayedExecutor {
        void after(Duration delay, Runnable work);
    }

    /**
     * @param send sends a notification, in a transaction of its own
     * @param delayed runs the sending after a delay
     * @param nanos as {@link System#nanoTime}
     */
    public NotificationSender(Consumer<String> send, DelayedExecutor delayed, LongSupplier nanos) {
        this.send = send;
        this.delayed = delayed;
        this.nanos = nanos;
    }

    /** A sender that notifies through a database. */
    public static NotificationSender of(Database database, DelayedExecutor delayed) {
        return new NotificationSender(text -> database.find(Database.NOTIFY, text), delayed, System::nanoTime);
    }

    /** Announces ready tasks that other processes may claim, of at most that priority. */
    public void ready(int priority) {
        synchronized (this) {
            ready = OptionalInt.of(Math.max(priority, ready.orElse(priority)));
        }
        sendSoon();
    }

    public void ended(Collection<UniversalUuid> executions) {
        add(ended, executions);
    }

    public void cancelled(Collection<UniversalUuid> executions) {
        add(cancelled, executions);
    }

    /** Sends a notification of one word. */
    public void word(String word) {
        synchronized (this) {
            words.add(word);
        }
        sendSoon();
    }

    /** Sends at once what is pending; called when nothing runs later any more. */
    public void flush() {
        String text;
        synchronized (this) {
            text = take();
        }
        send(text);
    }

    private void add(Set<UniversalUuid> to, Collection<UniversalUuid> executions) {
        if (executions.isEmpty()) {
            return;
        }
        synchronized (this) {
            executions.stream().limit(MAX_NAMED - to.size()).forEach(to::add);
        }
        sendSoon();
    }

    private void sendSoon() {
        Duration delay;
        synchronized (this) {
            if (isDue) {
                return;
            }
            isDue = true;
            long left = hasSent ? sentAt + PAUSE.toNanos() - nanos.getAsLong() : 0;
            delay = Duration.ofNanos(Math.max(0, left));
        }
        delayed.after(delay, this::sendDue);
    }

    private void sendDue() {
        String text;
        synchronized (this) {
            isDue = false;
            hasSent = true;
            sentAt = nanos.getAsLong();
            text = take();
        }
        send(text);
    }

    private String take() {
        StringBuilder text = new StringBuilder();
        ready.ifPresent(priority -> text.append('r').append(priority).append(' '));
        words.forEach(word -> text.append(word).append(' '));
        ended.forEach(execution -> text.append('e').append(execution).append(' '));
        cancelled.forEach(execution -> text.append('c').append(execution).append(' '));
        ready = OptionalInt.empty();
        words.clear();
        ended.clear();
        cancelled.clear();
        return text.toString().strip();
    }

    private void send(String text) {
        if (text.isEmpty()) {
            return;
        }
        try {
            send.accept(text);
        } catch (RuntimeException e) { // polling finds what a lost notification announced
            LOG.debug("a notification could not be sent", e);
        }
    }
}
