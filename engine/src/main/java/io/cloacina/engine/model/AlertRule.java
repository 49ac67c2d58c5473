package io.cloacina.engine.model;

import io.cloacina.api.AlertKind;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rule of an alert: when a message is sent, and to which URL. Use the factory of each kind, which takes what that
 * kind needs; a component that a kind does not use is 0, {@link Duration#ZERO}, null or empty. Immutable.
 *
 * @param name the name of the alert, up to 100 characters
 * @param kind the kind of condition
 * @param url the URL to which messages are sent by POST: http or https, with a host, without a user or a fragment, up
 *     to 2,000 characters
 * @param workflow the workflow whose executions count; null for all workflows. For {@link AlertKind#FAILURE_RATE} and
 *     {@link AlertKind#EXECUTION_ENDED}
 * @param percent the percentage of failures that must be exceeded, from 0 to 99. For {@link AlertKind#FAILURE_RATE}
 * @param executions for {@link AlertKind#FAILURE_RATE} how many executions must have ended, from 1 to 1,000; for
 *     {@link AlertKind#STRANDED} the number that must be exceeded, from 0 to 1,000
 * @param duration for {@link AlertKind#FAILURE_RATE} the period that is examined, from 1 minute to 7 days; for
 *     {@link AlertKind#OLDEST_READY} and {@link AlertKind#SCHEDULE_LATE} the time that must be exceeded, from 1 second
 *     to 36,500 days
 * @param statuses the final states that are reported: completed, failed, cancelled; at least one. For
 *     {@link AlertKind#EXECUTION_ENDED}
 */
public record AlertRule(
        String name,
        AlertKind kind,
        URI url,
        @Nullable String workflow,
        int percent,
        int executions,
        Duration duration,
        Set<ExecutionStatus> statuses) {
    /** The name of the workflow that delivers the messages. It is reserved, and no rule is about its executions. */
    public static final String DELIVERY = "cloacina-alert";

    /** The statuses of executions that have ended. */
    public static final Set<ExecutionStatus> ENDS = Arrays.stream(ExecutionStatus.values())
            .filter(ExecutionStatus::isFinished)
            .collect(Collectors.collectingAndThen(
                    Collectors.toCollection(() -> EnumSet.noneOf(ExecutionStatus.class)),
                    Collections::unmodifiableSet));

    private static final String INVALID = ErrorCodes.INVALID_ALERT;
    private static final int MAX_NAME = 100;
    private static final int MAX_URL = 2_000;
    private static final int MAX_PORT = 65_535;
    private static final int MOST = 1_000;
    private static final Duration SHORTEST_WINDOW = Duration.ofMinutes(1);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(7);

    /**
     * Checks all components.
     *
     * @throws CloacinaException with the code {@code INVALID_ALERT} if something is missing, out of range, or not of
     *     this kind
     */
    public AlertRule {
        checkedName(name);
        Arguments.given("the kind of an alert", kind);
        checkedUrl(url);
        boolean isOfExecutions = kind == AlertKind.FAILURE_RATE || kind == AlertKind.EXECUTION_ENDED;
        if (workflow != null) {
            requireOf(kind, isOfExecutions, "workflow");
            Arguments.name(INVALID, "the workflow of an alert", workflow);
            if (workflow.equals(DELIVERY)) {
                throw new CloacinaException(
                        INVALID,
                        "an alert cannot be about '" + DELIVERY
                                + "', which delivers alerts: each message would cause another one");
            }
        }
        requireOf(kind, percent == 0 || kind == AlertKind.FAILURE_RATE, "percent");
        Arguments.number(INVALID, "percent must be a number", percent, 0, 99);
        boolean isCounted = kind == AlertKind.FAILURE_RATE || kind == AlertKind.STRANDED;
        requireOf(kind, executions == 0 || isCounted, "executions");
        int least = kind == AlertKind.FAILURE_RATE ? 1 : 0;
        Arguments.number(INVALID, "executions must be a number", executions, least, MOST);
        duration = checkedDuration(kind, Arguments.given("the duration of an alert", duration));
        statuses = checkedStatuses(kind, Arguments.given("the statuses of an alert", statuses));
    }

    /**
     * A rule that fires when more than {@code percent} of the executions that ended within a period failed, and at
     * least {@code atLeast} ended. Cancelled executions do not count, and only the newest 5,000 executions are
     * examined.
     *
     * @param workflow null for all workflows
     */
    public static AlertRule failureRate(
            String name, String url, @Nullable String workflow, int percent, int atLeast, Duration within) {
        return new AlertRule(
                name, AlertKind.FAILURE_RATE, parsedUrl(url), workflow, percent, atLeast, within, Set.of());
    }

    /** A rule that fires when a task has been ready for longer than a time. */
    public static AlertRule oldestReady(String name, String url, Duration longerThan) {
        return new AlertRule(name, AlertKind.OLDEST_READY, parsedUrl(url), null, 0, 0, longerThan, Set.of());
    }

    /**
     * A rule that fires when more than {@code moreThan} unfinished executions have a version that no live runner has.
     */
    public static AlertRule stranded(String name, String url, int moreThan) {
        return new AlertRule(name, AlertKind.STRANDED, parsedUrl(url), null, 0, moreThan, Duration.ZERO, Set.of());
    }

    /** A rule that fires when a schedule is overdue by more than a time. */
    public static AlertRule scheduleLate(String name, String url, Duration longerThan) {
        return new AlertRule(name, AlertKind.SCHEDULE_LATE, parsedUrl(url), null, 0, 0, longerThan, Set.of());
    }

    /**
     * A rule that sends a message for each execution that ends in one of these states, child executions included. Needs
     * the {@linkplain io.cloacina.engine.Events#enable stream of events}.
     *
     * @param workflow null for all workflows
     */
    public static AlertRule executionEnded(
            String name, String url, @Nullable String workflow, Set<ExecutionStatus> statuses) {
        return new AlertRule(name, AlertKind.EXECUTION_ENDED, parsedUrl(url), workflow, 0, 0, Duration.ZERO, statuses);
    }

    /** Returns the name if an alert may have it, and throws otherwise. */
    public static String checkedName(String name) {
        return Arguments.name(INVALID, "the name of an alert", name, MAX_NAME);
    }

    /**
     * Parses the URL to which messages are sent.
     *
     * @throws CloacinaException with the code {@code INVALID_ALERT} if messages cannot be sent there
     */
    public static URI parsedUrl(String url) {
        try {
            return checkedUrl(new URI(Arguments.given("the URL of an alert", url)));
        } catch (URISyntaxException e) {
            throw refused("the URL of an alert is invalid: " + Arguments.shown(e.getReason()));
        }
    }

    private static URI checkedUrl(URI url) {
        String scheme = Arguments.given("the URL of an alert", url).getScheme();
        String lower = scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
        boolean isHttp = lower.equals("http") || lower.equals("https");
        if (!isHttp || url.getHost() == null || url.toString().length() > MAX_URL) {
            throw refused("the URL of an alert must begin with https:// or http:// and a host, and have at most "
                    + MAX_URL
                    + " characters");
        }
        if (url.getPort() == 0 || url.getPort() > MAX_PORT) {
            throw refused("the URL of an alert has a port that is not from 1 to " + MAX_PORT);
        }
        if (url.getUserInfo() != null || url.getFragment() != null) {
            throw refused("the URL of an alert has a user or a fragment, which would not be sent: leave it out");
        }
        return url;
    }

    private static Duration checkedDuration(AlertKind kind, Duration given) {
        if (given.isZero() && kind != AlertKind.STRANDED && kind != AlertKind.EXECUTION_ENDED) {
            throw refused("an alert of kind " + kind.label() + " needs a duration, such as 15 minutes");
        }
        return switch (kind) {
            case FAILURE_RATE -> {
                Arguments.atLeast(INVALID, "the duration of an alert of kind failure-rate", given, SHORTEST_WINDOW);
                if (given.compareTo(LONGEST_WINDOW) > 0) {
                    throw refused("the duration of an alert of kind failure-rate must be at most "
                            + LONGEST_WINDOW.toDays() + " days, but is " + given);
                }
                yield given;
            }
            case OLDEST_READY, SCHEDULE_LATE ->
                Arguments.duration(
                        INVALID, "the duration of an alert of kind " + kind.label(), given, Duration.ofSeconds(1));
            case STRANDED, EXECUTION_ENDED -> {
                requireOf(kind, given.isZero(), "duration");
                yield given;
            }
        };
    }

    private static Set<ExecutionStatus> checkedStatuses(AlertKind kind, Collection<ExecutionStatus> given) {
        Set<ExecutionStatus> all = new TreeSet<>(Arguments.all("the statuses of an alert", given));
        if (kind != AlertKind.EXECUTION_ENDED) {
            requireOf(kind, all.isEmpty(), "statuses");
        } else if (all.isEmpty() || !ENDS.containsAll(all)) {
            throw refused("the statuses of an alert of kind execution-ended must be one or more of completed, failed,"
                    + " cancelled");
        }
        return Collections.unmodifiableSet(all);
    }

    private static void requireOf(AlertKind kind, boolean isRight, String what) {
        if (!isRight) {
            throw refused("an alert of kind " + kind.label() + " has no " + what + ": leave it out");
        }
    }

    private static CloacinaException refused(String why) {
        return new CloacinaException(INVALID, why);
    }
}
