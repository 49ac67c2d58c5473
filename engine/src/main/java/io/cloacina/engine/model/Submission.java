package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A submission: the name of a workflow, its input, its start and its priority. Immutable; each method returns a
 * changed copy.
 *
 * <pre>{@code
 * engine.submit(Submission.of("invoice").input(Map.of("order", 42)).idempotencyKey("order-42").priority(5));
 * }</pre>
 */
public final class Submission {
    /** The longest idempotency key, in characters. */
    public static final int MAX_KEY_LENGTH = Arguments.MAX_NAME;

    /** The most labels that a submission has. */
    public static final int MAX_LABELS = 16;

    /** The longest name of a label, in characters. */
    public static final int MAX_LABEL_NAME_LENGTH = 60;

    /** The longest value of a label, in characters. */
    public static final int MAX_LABEL_VALUE_LENGTH = Arguments.MAX_NAME;

    /** The most values that a submission carries for interceptors. */
    public static final int MAX_CARRIED = 16;

    /** The longest carried value, in characters. */
    public static final int MAX_CARRIED_LENGTH = 8_192;

    /** The greatest priority; the least is its negative. */
    public static final int MAX_PRIORITY = 1_000_000;

    private static final String INVALID = "INVALID_LABEL";
    private static final String INVALID_CARRIED = "INVALID_CARRIED";
    private static final String INVALID_DEADLINE = "INVALID_DEADLINE";

    private final String workflow;
    private final Map<String, ?> input;
    private final @Nullable String idempotencyKey;
    private final Map<String, String> labels;
    private final Map<String, String> carried;
    private final int priority;
    private final @Nullable Moment start;
    private final @Nullable Moment deadline;

    private Submission(
            String workflow,
            Map<String, ?> input,
            @Nullable String idempotencyKey,
            Map<String, String> labels,
            Map<String, String> carried,
            int priority,
            @Nullable Moment start,
            @Nullable Moment deadline) {
        this.workflow = workflow;
        this.input = input;
        this.idempotencyKey = idempotencyKey;
        this.labels = labels;
        this.carried = carried;
        this.priority = priority;
        this.start = start;
        this.deadline = deadline;
    }

    /** That long after another instant, or at an instant of its own. */
    private record Moment(
            @Nullable Duration after, @Nullable Instant at) {
        Instant from(Instant begin) {
            Instant instant = at != null ? at : begin.plus(Objects.requireNonNull(after));
            return instant.isAfter(Arguments.LATEST) ? Arguments.LATEST : instant;
        }
    }

    /** A workflow without input, to run at once. */
    public static Submission of(String workflow) {
        return new Submission(
                Arguments.given("the name of the workflow", workflow),
                Map.of(),
                null,
                Map.of(),
                Map.of(),
                0,
                null,
                null);
    }

    /** With values that can be JSON; they are read when it is submitted. */
    public Submission input(Map<String, ?> values) {
        return new Submission(
                workflow,
                Arguments.given("the input", values),
                idempotencyKey,
                labels,
                carried,
                priority,
                start,
                deadline);
    }

    /**
     * With a key that submits one execution of the workflow only: submitting it again returns the first, as long as
     * that is kept (see retention), whatever the input.
     *
     * @throws CloacinaException if the key is blank, longer than {@link #MAX_KEY_LENGTH}, or not a text that databases
     *     store
     */
    public Submission idempotencyKey(String key) {
        return new Submission(workflow, input, checkedKey(key), labels, carried, priority, start, deadline);
    }

    /**
     * The given idempotency key, if a submission may have it.
     *
     * @throws CloacinaException otherwise, with the code INVALID_KEY
     */
    public static String checkedKey(String key) {
        return Arguments.key("INVALID_KEY", "an idempotency key", key);
    }

    /**
     * With a label, by which the execution can be found: {@code label("customer", "ada")}. A name that was given before
     * takes the new value. Labels do not change afterwards. A restart has those of the first execution, a child has none.
     *
     * @param name not blank, without control characters, at most {@link #MAX_LABEL_NAME_LENGTH} characters
     * @param value not blank, at most {@link #MAX_LABEL_VALUE_LENGTH} characters
     * @throws CloacinaException with the code INVALID_LABEL if one of them is something else, or if these are more than
     *     {@link #MAX_LABELS}
     */
    public Submission label(String name, String value) {
        return new Submission(
                workflow,
                input,
                idempotencyKey,
                checkedLabels(labels, name, value),
                carried,
                priority,
                start,
                deadline);
    }

    /**
     * The labels with one more, if executions may have it.
     *
     * @throws CloacinaException otherwise, with the code INVALID_LABEL
     */
    public static Map<String, String> checkedLabels(Map<String, String> labels, String name, String value) {
        Map<String, String> all = new TreeMap<>(Arguments.given("the labels", labels));
        all.put(
                Arguments.name(INVALID, "the name of a label", name, MAX_LABEL_NAME_LENGTH),
                Arguments.key(INVALID, "the value of a label", value));
        if (all.size() > MAX_LABELS) {
            throw new CloacinaException(
                    INVALID, "an execution has at most " + MAX_LABELS + " labels, not also " + Arguments.shown(name));
        }
        return Collections.unmodifiableMap(all);
    }

    /**
     * With a value that the execution carries for interceptors, which see it around each body, in whatever process that
     * runs: the context of a trace, who asked for it. Bodies do not see it, and it cannot be searched. A name that was
     * given before takes the new value.
     *
     * @param name not blank, without control characters, at most {@link #MAX_LABEL_NAME_LENGTH} characters
     * @param value at most {@link #MAX_CARRIED_LENGTH} characters
     * @throws CloacinaException with the code INVALID_CARRIED if one of them is something else, or if these are more
     *     than {@link #MAX_CARRIED}
     */
    public Submission carrying(String name, String value) {
        return new Submission(
                workflow,
                input,
                idempotencyKey,
                labels,
                checkedCarried(carried, name, value),
                priority,
                start,
                deadline);
    }

    /**
     * What is carried with one value more, if executions may carry it.
     *
     * @throws CloacinaException otherwise, with the code INVALID_CARRIED
     */
    public static Map<String, String> checkedCarried(Map<String, String> carried, String name, String value) {
        Map<String, String> all = new TreeMap<>(Arguments.given("what is carried", carried));
        String checked = Arguments.name(INVALID_CARRIED, "the name of a carried value", name, MAX_LABEL_NAME_LENGTH);
        all.put(checked, Arguments.unicode(INVALID_CARRIED, "a carried value", value));
        if (value.length() > MAX_CARRIED_LENGTH || value.indexOf('\0') >= 0) {
            throw new CloacinaException(
                    INVALID_CARRIED,
                    "the carried value '" + checked + "' has " + value.length() + " characters; at most "
                            + MAX_CARRIED_LENGTH + " are allowed, and none of them is \\u0000");
        }
        if (all.size() > MAX_CARRIED) {
            throw new CloacinaException(
                    INVALID_CARRIED,
                    "an execution carries at most " + MAX_CARRIED + " values, not also '" + checked + "'");
        }
        return Collections.unmodifiableMap(all);
    }

    /**
     * Higher runs first. Default: 0. Among equals the older comes first.
     *
     * @throws CloacinaException if it is not from -1,000,000 to {@link #MAX_PRIORITY}
     */
    public Submission priority(int given) {
        Arguments.number("INVALID_PRIORITY", "a priority is", given, -MAX_PRIORITY, MAX_PRIORITY);
        return new Submission(workflow, input, idempotencyKey, labels, carried, given, start, deadline);
    }

    /**
     * Starts at the earliest that long after it is submitted; zero means at once.
     *
     * @throws CloacinaException if it is negative, or longer than 36,500 days
     */
    public Submission delay(Duration given) {
        Arguments.duration("INVALID_DELAY", "a delay", given, Duration.ZERO);
        return startingAt(new Moment(given, null));
    }

    /**
     * Starts at that instant at the earliest; one in the past means at once.
     *
     * @throws CloacinaException if it is later than the year 9999
     */
    public Submission startAt(Instant given) {
        return startingAt(new Moment(null, notTooLate("INVALID_DELAY", "a start", given)));
    }

    private Submission startingAt(Moment moment) {
        return new Submission(workflow, input, idempotencyKey, labels, carried, priority, moment, deadline);
    }

    private static Instant notTooLate(String code, String what, Instant given) {
        if (Arguments.given(what, given).isAfter(Arguments.LATEST)) {
            throw new CloacinaException(
                    code, what + " is at the latest at " + Arguments.LATEST + ", but " + given + " was given");
        }
        return given;
    }

    /**
     * Ends the execution if it takes longer, in place of the deadline of the workflow: what is active then fails, and the
     * rules of the tasks after it decide what runs. Counted from the submission, or from the start that this asks for.
     *
     * @throws CloacinaException if it is not more than zero, or longer than 36,500 days
     */
    public Submission deadline(Duration longest) {
        return endingAt(
                new Moment(Arguments.duration(INVALID_DEADLINE, "a deadline", longest, Duration.ofNanos(1)), null));
    }

    /**
     * As {@link #deadline(Duration)}, at an instant; one in the past fails what is active at once.
     *
     * @throws CloacinaException if it is later than the year 9999
     */
    public Submission deadline(Instant at) {
        return endingAt(new Moment(null, notTooLate(INVALID_DEADLINE, "a deadline", at)));
    }

    private Submission endingAt(Moment moment) {
        return new Submission(workflow, input, idempotencyKey, labels, carried, priority, start, moment);
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

    /** The labels, by name. */
    public Map<String, String> labels() {
        return labels;
    }

    /** What the execution carries for interceptors, by name. */
    public Map<String, String> carried() {
        return carried;
    }

    /** The priority. */
    public int priority() {
        return priority;
    }

    /** When it starts at the earliest if it is submitted at {@code now}; empty for at once. */
    public Optional<Instant> startAfter(Instant now) {
        return Optional.ofNullable(start).map(when -> when.from(now)).filter(when -> when.isAfter(now));
    }

    /** When what is active fails if it begins at {@code begin}; empty if this asks for no deadline of its own. */
    public Optional<Instant> deadlineFrom(Instant begin) {
        return Optional.ofNullable(deadline).map(when -> when.from(begin));
    }
}
