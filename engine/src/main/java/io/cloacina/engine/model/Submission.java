package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request to execute a workflow: its name, the input, and options such as start, priority, labels and deadline.
 * Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * engine.submit(Submission.of("invoice").input(Map.of("order", 42)).idempotencyKey("order-42").priority(5));
 * }</pre>
 */
public final class Submission {
    /** The longest idempotency key, in characters. */
    public static final int MAX_KEY_LENGTH = Arguments.MAX_NAME;

    /** The maximum number of labels. */
    public static final int MAX_LABELS = 16;

    /** The maximum length of a label's name, in characters. */
    public static final int MAX_LABEL_NAME_LENGTH = 60;

    /** The maximum length of a label's value, in characters. */
    public static final int MAX_LABEL_VALUE_LENGTH = Arguments.MAX_NAME;

    /** The maximum number of values that a submission carries for interceptors. */
    public static final int MAX_CARRIED = 16;

    /** The maximum length of a carried value, in characters. */
    public static final int MAX_CARRIED_LENGTH = 8_192;

    /** The highest priority; the lowest is its negative. */
    public static final int MAX_PRIORITY = 1_000_000;

    private static final String INVALID = ErrorCodes.INVALID_LABEL;
    private static final String INVALID_CARRIED = ErrorCodes.INVALID_CARRIED;
    private static final String INVALID_DEADLINE = ErrorCodes.INVALID_DEADLINE;

    private final String workflow;
    private final Map<String, ?> input;
    private final Map<String, String> carried;
    private final Options options;

    private Submission(String workflow, Map<String, ?> input, Map<String, String> carried, Options options) {
        this.workflow = workflow;
        this.input = input;
        this.carried = carried;
        this.options = options;
    }

    /** Everything but what is executed, with what. A record, so that a new one is compared, too. */
    private record Options(
            @Nullable String idempotencyKey,
            Map<String, String> labels,
            int priority,
            @Nullable Moment start,
            @Nullable Moment deadline) {
        private static final Options NONE = new Options(null, Map.of(), 0, null, null);
    }

    /** That long after another instant, or at an instant of its own. */
    private record Moment(
            @Nullable Duration after, @Nullable Instant at) {
        Instant from(Instant begin) {
            Instant instant = at != null ? at : begin.plus(Objects.requireNonNull(after));
            return instant.isAfter(Arguments.LATEST) ? Arguments.LATEST : instant;
        }

        @Override
        public String toString() {
            return at != null ? at.toString() : "after " + after;
        }
    }

    /** A submission of a workflow without input, to start immediately. */
    public static Submission of(String workflow) {
        return new Submission(Arguments.given("the name of the workflow", workflow), Map.of(), Map.of(), Options.NONE);
    }

    /** Sets the input by key: values that can be JSON; they are read when the workflow is submitted. */
    public Submission input(Map<String, ?> values) {
        return new Submission(workflow, Arguments.given("the input", values), carried, options);
    }

    private Submission with(Options changed) {
        return new Submission(workflow, input, carried, changed);
    }

    /**
     * Adds a value to the input, or replaces the one of that key: {@code input("order", 42)}. The values of a map that
     * was set before are copied now.
     *
     * @param value can be JSON; may be null
     */
    public Submission input(String key, @Nullable Object value) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(input);
        all.put(Arguments.given("the key of a value of the input", key), value);
        return input(Collections.unmodifiableMap(all));
    }

    /**
     * Sets an idempotency key: a second submission of the workflow with this key, whatever its input, stores nothing
     * and returns the id of the first execution, as long as that is kept (see
     * {@link io.cloacina.engine.EngineBuilder#retention}).
     *
     * @throws CloacinaException if the key is blank, longer than {@link #MAX_KEY_LENGTH}, or has characters that the
     *     databases cannot store
     */
    public Submission idempotencyKey(String key) {
        return with(new Options(checkedKey(key), options.labels, options.priority, options.start, options.deadline));
    }

    /**
     * Returns the idempotency key if a submission may have it.
     *
     * @throws CloacinaException with the code {@code INVALID_KEY} if a submission cannot have it
     */
    public static String checkedKey(String key) {
        return Arguments.key(ErrorCodes.INVALID_KEY, "an idempotency key", key);
    }

    /**
     * Adds a label, by which the execution can be found: {@code label("customer", "ada")}. A later call with the same
     * name replaces the value. The labels of a stored execution do not change. A restart has the labels of the
     * restarted execution; a child has none.
     *
     * @param name not blank, without control characters, at most {@link #MAX_LABEL_NAME_LENGTH} characters
     * @param value not blank, at most {@link #MAX_LABEL_VALUE_LENGTH} characters
     * @throws CloacinaException with the code {@code INVALID_LABEL} if the name or the value is not valid, or there are
     *     more than {@link #MAX_LABELS} labels
     */
    public Submission label(String name, String value) {
        return with(new Options(
                options.idempotencyKey,
                checkedLabels(options.labels, name, value),
                options.priority,
                options.start,
                options.deadline));
    }

    /**
     * Returns the labels with one more, if executions may have it.
     *
     * @throws CloacinaException with the code {@code INVALID_LABEL} if they cannot
     */
    public static Map<String, String> checkedLabels(Map<String, String> labels, String name, String value) {
        Map<String, String> all = new TreeMap<>(Arguments.given("the labels", labels));
        all.put(
                Arguments.name(INVALID, "the name of a label", name, MAX_LABEL_NAME_LENGTH),
                Arguments.key(INVALID, "the value of a label", value));
        if (all.size() > MAX_LABELS) {
            throw new CloacinaException(
                    INVALID,
                    "an execution can have at most " + MAX_LABELS + " labels, not also " + Arguments.shown(name));
        }
        return Collections.unmodifiableMap(all);
    }

    /**
     * Adds a value that the execution carries for interceptors, which receive it around each body, in whatever process
     * that runs: a trace context, or the user who requested the execution. Bodies do not see it, and it cannot be
     * searched. A later call with the same name replaces the value.
     *
     * @param name not blank, without control characters, at most {@link #MAX_LABEL_NAME_LENGTH} characters
     * @param value at most {@link #MAX_CARRIED_LENGTH} characters
     * @throws CloacinaException with the code {@code INVALID_CARRIED} if the name or the value is not valid, or there
     *     are more than {@link #MAX_CARRIED} values
     */
    public Submission carrying(String name, String value) {
        return new Submission(workflow, input, checkedCarried(carried, name, value), options);
    }

    /**
     * Returns the carried values with one more, if executions may carry it.
     *
     * @throws CloacinaException with the code {@code INVALID_CARRIED} if they cannot
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
                    "an execution can carry at most " + MAX_CARRIED + " values, not also '" + checked + "'");
        }
        return Collections.unmodifiableMap(all);
    }

    /**
     * Sets the priority: ready tasks of executions with a higher priority run first, and of equal ones those of the
     * older execution. Default: 0.
     *
     * @throws CloacinaException if it is not from -1,000,000 to {@link #MAX_PRIORITY}
     */
    public Submission priority(int given) {
        Arguments.number(ErrorCodes.INVALID_PRIORITY, "a priority must be", given, -MAX_PRIORITY, MAX_PRIORITY);
        return with(new Options(options.idempotencyKey, options.labels, given, options.start, options.deadline));
    }

    /**
     * Sets the delay from the submission to the earliest start; zero means no delay.
     *
     * @throws CloacinaException if it is negative, or longer than 36,500 days
     */
    public Submission delay(Duration given) {
        Arguments.duration(ErrorCodes.INVALID_DELAY, "a delay", given, Duration.ZERO);
        return startingAt(given.isZero() ? null : new Moment(given, null));
    }

    /**
     * Sets the earliest start; an instant in the past means no delay.
     *
     * @throws CloacinaException if it is later than the year 9999
     */
    public Submission startAt(Instant given) {
        return startingAt(new Moment(null, notTooLate(ErrorCodes.INVALID_DELAY, "a start", given)));
    }

    private Submission startingAt(@Nullable Moment moment) {
        return with(new Options(options.idempotencyKey, options.labels, options.priority, moment, options.deadline));
    }

    private static Instant notTooLate(String code, String what, Instant given) {
        if (Arguments.given(what, given).isAfter(Arguments.LATEST)) {
            throw new CloacinaException(
                    code, what + " must not be later than " + Arguments.LATEST + ", but is " + given);
        }
        return given;
    }

    /**
     * Sets how long the execution may take, instead of the deadline of the workflow, counted from the submission or, if
     * that is later, from the requested start. After that time its active tasks fail, and the trigger rules of later
     * tasks decide what else runs.
     *
     * @throws CloacinaException if it is not more than zero, or longer than 36,500 days
     */
    public Submission deadline(Duration longest) {
        return endingAt(
                new Moment(Arguments.duration(INVALID_DEADLINE, "a deadline", longest, Duration.ofNanos(1)), null));
    }

    /**
     * As {@link #deadline(Duration)}, as an instant; if it is in the past, active tasks fail immediately.
     *
     * @throws CloacinaException if it is later than the year 9999
     */
    public Submission deadline(Instant at) {
        return endingAt(new Moment(null, notTooLate(INVALID_DEADLINE, "a deadline", at)));
    }

    private Submission endingAt(Moment moment) {
        return with(new Options(options.idempotencyKey, options.labels, options.priority, options.start, moment));
    }

    /** The name of the workflow. */
    public String workflow() {
        return workflow;
    }

    /** The input. */
    public Map<String, ?> input() {
        return input;
    }

    /** The idempotency key; empty if there is none. */
    public Optional<String> idempotencyKey() {
        return Optional.ofNullable(options.idempotencyKey);
    }

    /** The labels, by name. */
    public Map<String, String> labels() {
        return options.labels;
    }

    /** What the execution carries for interceptors, by name. */
    public Map<String, String> carried() {
        return carried;
    }

    /** The priority. */
    public int priority() {
        return options.priority;
    }

    /** The earliest start if it is submitted at {@code now}; empty if it may start immediately. */
    public Optional<Instant> startAfter(Instant now) {
        return Optional.ofNullable(options.start).map(when -> when.from(now)).filter(when -> when.isAfter(now));
    }

    /** The deadline if the execution begins at {@code begin}; empty if this submission sets no deadline. */
    public Optional<Instant> deadlineFrom(Instant begin) {
        return Optional.ofNullable(options.deadline).map(when -> when.from(begin));
    }

    /** Whether the other requests the same: with an equal input, and with the same options. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Submission that
                && that.workflow.equals(workflow)
                && that.options.equals(options)
                && that.input.equals(input)
                && that.carried.equals(carried);
    }

    @Override
    public int hashCode() {
        return Objects.hash(workflow, input, carried, options);
    }

    /** For logs: the options, and the keys of the input and of what is carried without their values. */
    @Override
    public String toString() {
        return "Submission[workflow=" + workflow + ", input=" + input.keySet()
                + (options.idempotencyKey == null ? "" : ", idempotencyKey=" + options.idempotencyKey)
                + (options.labels.isEmpty() ? "" : ", labels=" + options.labels)
                + (carried.isEmpty() ? "" : ", carried=" + carried.keySet())
                + (options.priority == 0 ? "" : ", priority=" + options.priority)
                + (options.start == null ? "" : ", start=" + options.start)
                + (options.deadline == null ? "" : ", deadline=" + options.deadline) + "]";
    }
}
