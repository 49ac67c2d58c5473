package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is submitted: a workflow by its name, its input, and when and how urgently it runs. Immutable; each method returns a
 * changed copy.
 *
 * <pre>{@code
 * engine.submit(Submission.of("invoice").input(Map.of("order", 42)).idempotencyKey("order-42").priority(5));
 * }</pre>
 */
public final class Submission {
    /** The longest idempotency key, in characters. */
    public static final int MAX_KEY_LENGTH = 200;

    /** The greatest priority; the least is its negative. */
    public static final int MAX_PRIORITY = 1_000_000;

    private final String workflow;
    private final Map<String, ?> input;
    private final @Nullable String idempotencyKey;
    private final int priority;
    private final @Nullable Duration delay;
    private final @Nullable Instant startAt;

    private Submission(
            String workflow,
            Map<String, ?> input,
            @Nullable String idempotencyKey,
            int priority,
            @Nullable Duration delay,
            @Nullable Instant startAt) {
        this.workflow = workflow;
        this.input = input;
        this.idempotencyKey = idempotencyKey;
        this.priority = priority;
        this.delay = delay;
        this.startAt = startAt;
    }

    /** A workflow without input, to run at once. */
    public static Submission of(String workflow) {
        return new Submission(workflow, Map.of(), null, 0, null, null);
    }

    /** With values that can be JSON; read when it is submitted. */
    public Submission input(Map<String, ?> values) {
        return new Submission(workflow, values, idempotencyKey, priority, delay, startAt);
    }

    /**
     * With a key that submits one execution of the workflow only: submitting it again returns the first, as long as that is
     * kept (see retention), whatever the input.
     *
     * @throws CloacinaException if the key is blank or longer than {@link #MAX_KEY_LENGTH}
     */
    public Submission idempotencyKey(String key) {
        return new Submission(workflow, input, checkedKey(key), priority, delay, startAt);
    }

    static String checkedKey(String key) {
        return checked("INVALID_KEY", "an idempotency key", key);
    }

    /** The name of a signal. */
    static String checkedSignal(String name) {
        return checked("INVALID_NAME", "the name of a signal", name);
    }

    static String checked(String code, String what, String text) {
        if (text.isBlank() || text.length() > MAX_KEY_LENGTH) {
            throw new CloacinaException(
                    code,
                    what + " is not blank and has at most " + MAX_KEY_LENGTH + " characters, but '"
                            + text.substring(0, Math.min(40, text.length())) + "' has " + text.length());
        }
        return text;
    }

    /** Higher runs first; 0 unless said. Among equals the older comes first. */
    public Submission priority(int given) {
        if (Math.abs((long) given) > MAX_PRIORITY) {
            throw new CloacinaException(
                    "INVALID_PRIORITY",
                    "a priority is from -" + MAX_PRIORITY + " to " + MAX_PRIORITY + ", not " + given);
        }
        return new Submission(workflow, input, idempotencyKey, given, delay, startAt);
    }

    /** Starts at the earliest that long after it is submitted. */
    public Submission delay(Duration given) {
        if (given.isNegative()) {
            throw new CloacinaException("INVALID_DELAY", "a delay is not negative, but " + given + " was given");
        }
        return new Submission(workflow, input, idempotencyKey, priority, given, null);
    }

    /** Starts at that instant at the earliest; one in the past means at once. */
    public Submission startAt(Instant given) {
        return new Submission(workflow, input, idempotencyKey, priority, null, given);
    }

    /** The name of the workflow. */
    public String workflow() {
        return workflow;
    }

    /** The input. */
    public Map<String, ?> input() {
        return input;
    }

    /** The key, if there is one. */
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(idempotencyKey);
    }

    /** The priority. */
    public int priority() {
        return priority;
    }

    /** When it starts at the earliest if it is submitted at {@code now}; empty for at once. */
    Optional<Instant> startAfter(Instant now) {
        Instant earliest = delay != null ? now.plus(delay) : startAt;
        return Optional.ofNullable(earliest).filter(start -> start.isAfter(now));
    }
}
