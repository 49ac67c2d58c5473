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
 * Sends hints to other processes, after the commits that they are about and in transactions of their own: what has come together
 * is one hint, the first is sent at once, and the next ones {@link #PAUSE} apart. Sending one takes a lock of the whole server,
 * and each makes every process look. A hint may be lost: whoever misses it finds out by looking. Thread safe.
 */
public final class HintSender {
    /** From one hint of a process to its next one. */
    public static final Duration PAUSE = Duration.ofMillis(100);

    /** Of very many only some are told: the others are found by looking, and a notification has a bounded length. */
    private static final int MAX_NAMED = 90;

    private static final Logger LOG = LoggerFactory.getLogger(HintSender.class);

    private final Consumer<String> send;
    private final Later later;
    private final LongSupplier nanos;
    private OptionalInt ready = OptionalInt.empty();
    private final Set<String> words = new LinkedHashSet<>();
    private final Set<UniversalUuid> ended = new LinkedHashSet<>();
    private final Set<UniversalUuid> cancelled = new LinkedHashSet<>();
    private boolean isDue;
    private boolean hasSent;
    private long sentAt;

    /** Runs something after a while, or at once where nothing happens later. */
    public interface Later {
        void after(Duration delay, Runnable work);
    }

    /**
     * @param send sends a hint, in a transaction of its own
     * @param later where that is done
     * @param nanos as {@link System#nanoTime}
     */
    public HintSender(Consumer<String> send, Later later, LongSupplier nanos) {
        this.send = send;
        this.later = later;
        this.nanos = nanos;
    }

    /** One that notifies by a database, {@code later}. */
    public static HintSender of(Database database, Later later) {
        return new HintSender(text -> database.find(Database.NOTIFY, text), later, System::nanoTime);
    }

    /** Something is ready that others may claim, of at most that priority. */
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

    /** A hint of one word. */
    public void word(String word) {
        synchronized (this) {
            words.add(word);
        }
        sendSoon();
    }

    /** Sends what waits, now: nothing is sent later any more. */
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
        later.after(delay, this::sendDue);
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
        } catch (RuntimeException e) { // a hint that is lost is found out by looking
            LOG.debug("a notification could not be sent", e);
        }
    }
}
