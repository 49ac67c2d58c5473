package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.cron.CronExpression;
import io.cloacina.cron.CronTimes;
import io.cloacina.cron.Zones;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A workflow that is submitted at the times of a cron expression. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * engine.schedules().put(Schedule.of("nightly", "report")
 *         .cron("0 2 * * *")
 *         .zone("Europe/Berlin")
 *         .catchUp(CatchUp.runOnce())
 *         .input(Map.of("format", "pdf")));
 * }</pre>
 */
public final class Schedule {
    /** The key of the input under which an execution finds the name of its schedule. */
    public static final String NAME_KEY = "schedule";

    /** The key of the input under which an execution finds the instant for which it was scheduled. */
    public static final String TIME_KEY = "scheduled_at";

    private static final int MAX_COUNT = 10_000;
    private static final int MAX_ZONE_LENGTH = 64;

    private final String name;
    private final String workflow;
    private final @Nullable String cron;
    private final @Nullable CronExpression expression;
    private final ZoneId zone;
    private final CatchUp catchUp;
    private final Map<String, ?> input;
    private final @Nullable Instant start;
    private final @Nullable Instant end;

    private Schedule(Draft draft) {
        this.name = draft.name;
        this.workflow = draft.workflow;
        this.cron = draft.cron;
        this.expression = draft.expression;
        this.zone = draft.zone;
        this.catchUp = draft.catchUp;
        this.input = draft.input;
        this.start = draft.start;
        this.end = draft.end;
    }

    /**
     * A schedule without times: call {@link #cron} before it is stored. Until the other methods change it, its zone is
     * UTC and it has no input.
     *
     * @throws CloacinaException if the name is blank, longer than 200 characters, or has control characters
     */
    public static Schedule of(String name, String workflow) {
        return new Schedule(new Draft(checkedName(name), Arguments.given("the name of the workflow", workflow)));
    }

    /**
     * Sets the cron expression, of five fields (minute, hour, day of month, month, day of week) or six (seconds first).
     * Each is {@code *}, values, ranges, steps and lists of them: {@code 0,30}, {@code 9-17}, {@code MON-FRI}, {@code
     * *}{@code /15}. Sunday is 0 or 7, and the first or the last day of a range: {@code SUN-THU}, {@code FRI-SUN}. A
     * range ascends: instead of {@code 22-2} write {@code 22-23,0-2}. A day of the month may be {@code L} (the last) or
     * {@code L-3}, a day of the week {@code MON#2} (the second Monday) or {@code FRIL} (the last Friday). If neither
     * the day of the month nor the day of the week begins with {@code *} or {@code ?}, a day matches if it matches
     * either of them.
     *
     * @throws CloacinaException if the expression is not valid, with the position of the error, or never fires
     */
    public Schedule cron(String given) {
        Draft draft = new Draft(this);
        draft.expression = CronExpression.parse(given);
        draft.cron = given;
        return new Schedule(draft);
    }

    /**
     * Sets the time zone of the expression. Default: UTC. When clocks go forward or back, an expression for times of a
     * day fires once for each time, and an expression for every hour continues at even intervals.
     */
    public Schedule zone(ZoneId given) {
        Draft draft = new Draft(this);
        draft.zone = Arguments.given("the zone", given);
        if (given.getId().length() > MAX_ZONE_LENGTH) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_ZONE, "the name of the zone is longer than " + MAX_ZONE_LENGTH);
        }
        return new Schedule(draft);
    }

    /**
     * Sets the time zone by its id, such as {@code Europe/Berlin}.
     *
     * @throws CloacinaException if there is no such zone
     */
    public Schedule zone(String given) {
        return zone(Zones.named(given));
    }

    /** Sets the rule for missed occurrences. Default: {@link CatchUp#runOnce()}. */
    public Schedule catchUp(CatchUp given) {
        Draft draft = new Draft(this);
        draft.catchUp = Arguments.given("the rule for missed occurrences", given);
        return new Schedule(draft);
    }

    /**
     * Sets the input of each execution: values that can be JSON, read when the schedule is stored. {@link #NAME_KEY}
     * and {@link #TIME_KEY} are added to it.
     *
     * @throws CloacinaException with the code {@code INVALID_INPUT} if it has one of these two keys
     */
    public Schedule input(Map<String, ?> values) {
        Draft draft = new Draft(this);
        draft.input = Arguments.given("the input", values);
        List<String> own = values.keySet().stream()
                .filter(key -> NAME_KEY.equals(key) || TIME_KEY.equals(key))
                .map(Arguments::shown)
                .sorted()
                .toList();
        if (!own.isEmpty()) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_INPUT,
                    "the input of schedule " + Arguments.shown(name) + " must not have " + String.join(" and ", own)
                            + ": the engine adds the name of the schedule as '" + NAME_KEY
                            + "', and the time of the occurrence as '" + TIME_KEY + "'");
        }
        return new Schedule(draft);
    }

    /**
     * Limits the schedule to the time from an instant (inclusive) to another (exclusive), both rounded up to whole
     * microseconds.
     *
     * @param from null for no bound
     * @param until null for no bound
     * @throws CloacinaException if the interval is empty, or an instant is not from the year 1 to the year 9999
     */
    public Schedule between(@Nullable Instant from, @Nullable Instant until) {
        Draft draft = new Draft(this);
        draft.start = from == null ? null : inMicros(from);
        draft.end = until == null ? null : inMicros(until);
        if (draft.start != null && draft.end != null && !draft.start.isBefore(draft.end)) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_WINDOW,
                    "a schedule must end after its start, not at " + until + " after " + from);
        }
        for (Instant bound : new Instant[] {draft.start, draft.end}) {
            if (bound != null) {
                Arguments.instant(ErrorCodes.INVALID_WINDOW, "the start or the end of a schedule", bound);
            }
        }
        return new Schedule(draft);
    }

    /** Databases store microseconds. A schedule fires on whole seconds, so it does not matter which is the next one. */
    private static Instant inMicros(Instant given) {
        Instant floored = given.truncatedTo(ChronoUnit.MICROS);
        return floored.equals(given) || given.isAfter(Arguments.LATEST) ? given : floored.plus(1, ChronoUnit.MICROS);
    }

    /**
     * Returns the next {@code count} times after an instant; fewer if the schedule ends before.
     *
     * @param count from 0 to 10,000
     * @throws CloacinaException if {@code count} is out of range, or {@link #cron} was not called
     */
    public List<Instant> next(Instant after, int count) {
        Arguments.number(ErrorCodes.INVALID_COUNT, "the number of times must be", count, 0, MAX_COUNT);
        CronTimes times = times();
        List<Instant> found = new ArrayList<>();
        Optional<Instant> next = times.next(after);
        while (next.isPresent() && found.size() < count) {
            found.add(next.get());
            next = times.next(next.get());
        }
        return found;
    }

    /** The name, unique in a database. */
    public String name() {
        return name;
    }

    /** The schedules that a workflow declares. */
    public static List<Schedule> of(WorkflowDefinition workflow) {
        return workflow.schedules().stream()
                .map(its -> of(its.schedule(), workflow.name()).cron(its.cron()).zone(its.zone()))
                .toList();
    }

    /** The name of the workflow. */
    public String workflow() {
        return workflow;
    }

    /**
     * The cron expression.
     *
     * @throws CloacinaException with the code {@code INVALID_CRON} if {@link #cron(String)} was not called
     */
    public String cron() {
        return given(cron);
    }

    /** The time zone of the expression. */
    public ZoneId zone() {
        return zone;
    }

    /** The rule for missed occurrences. */
    public CatchUp catchUp() {
        return catchUp;
    }

    /** The input. */
    public Map<String, ?> input() {
        return input;
    }

    /** The first instant at which it may fire; empty if there is no such bound. */
    public Optional<Instant> start() {
        return Optional.ofNullable(start);
    }

    /** The first instant at which it no longer fires; empty if there is no such bound. */
    public Optional<Instant> end() {
        return Optional.ofNullable(end);
    }

    /**
     * The times of the expression, in its zone. Times after the year 9999 never come.
     *
     * @throws CloacinaException with the code {@code INVALID_CRON} if {@link #cron(String)} was not called
     */
    public CronTimes times() {
        return new CronTimes(given(expression), zone, start, end == null ? Arguments.LATEST : end);
    }

    private <T> T given(@Nullable T ofExpression) {
        if (ofExpression == null) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_CRON,
                    "schedule " + Arguments.shown(name) + " has no times: call cron, such as cron(\"0 2 * * *\")");
        }
        return ofExpression;
    }

    /**
     * Returns the name if a schedule may have it.
     *
     * @throws CloacinaException with the code {@code INVALID_NAME} if a schedule cannot have it
     */
    public static String checkedName(String name) {
        return Arguments.name(ErrorCodes.INVALID_NAME, "the name of a schedule", name);
    }

    /** {@code name: cron in zone}, or {@code name: no times}. */
    @Override
    public String toString() {
        return name + ": " + (cron == null ? "no times" : cron + " in " + zone);
    }

    private static final class Draft {
        private final String name;
        private final String workflow;
        private @Nullable String cron;
        private @Nullable CronExpression expression;
        private ZoneId zone = ZoneOffset.UTC;
        private CatchUp catchUp = CatchUp.runOnce();
        private Map<String, ?> input = Map.of();
        private @Nullable Instant start;
        private @Nullable Instant end;

        Draft(String name, String workflow) {
            this.name = name;
            this.workflow = workflow;
        }

        Draft(Schedule from) {
            this.name = from.name;
            this.workflow = from.workflow;
            this.cron = from.cron;
            this.expression = from.expression;
            this.zone = from.zone;
            this.catchUp = from.catchUp;
            this.input = from.input;
            this.start = from.start;
            this.end = from.end;
        }
    }
}
