package io.cloacina.engine.internal.run;

import io.cloacina.api.Arguments;
import io.cloacina.engine.internal.store.AlertStore;
import io.cloacina.engine.internal.store.StatusStore;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the condition of an alert is fulfilled. Reads no more rows than {@link StatusReader} does. */
final class AlertConditions {
    private final Database database;

    AlertConditions(Database database) {
        this.database = database;
    }

    /** A sentence that says what is wrong; empty if the condition is not fulfilled. */
    Optional<String> wrong(AlertRule rule, UniversalTimestamp now) {
        return switch (rule.kind()) {
            case FAILURE_RATE -> failures(rule, now);
            case OLDEST_READY -> oldestReady(rule, now);
            case STRANDED -> stranded(rule);
            case SCHEDULE_LATE -> lateSchedules(rule, now);
            case EXECUTION_ENDED -> Optional.empty();
        };
    }

    private Optional<String> failures(AlertRule rule, UniversalTimestamp now) {
        List<AlertStore.Ended> ended =
                database.list(AlertStore.ENDED, new AlertStore.Window(before(now, rule), StatusReader.NEWEST)).stream()
                        .filter(each -> isMeant(each.workflow())
                                && (rule.workflow() == null || rule.workflow().equals(each.workflow())))
                        .toList();
        long failed = ended.stream().mapToLong(AlertStore.Ended::failed).sum();
        long all =
                failed + ended.stream().mapToLong(AlertStore.Ended::completed).sum();
        if (all < rule.executions() || failed * 100 <= (long) rule.percent() * all) {
            return Optional.empty();
        }
        return Optional.of(failed + " of " + all + " executions"
                + (rule.workflow() == null ? "" : " of workflow " + Arguments.shown(rule.workflow()))
                + " that ended within " + shown(rule.duration()) + " failed");
    }

    private Optional<String> oldestReady(AlertRule rule, UniversalTimestamp now) {
        UniversalTimestamp late = before(now, rule);
        return Stream.concat(
                        database.list(StatusStore.READY_VERSIONS, StatusReader.VERSIONS).stream()
                                .filter(each -> isMeant(each.workflow()))
                                .map(StatusStore.ReadyVersion::since),
                        database.list(StatusStore.READY_KEYS, StatusReader.KEYS).stream()
                                .filter(each -> isMeant(each.workflow()))
                                .map(StatusStore.ReadyKeys::since))
                .min(UniversalTimestamp::compareTo)
                .filter(since -> since.compareTo(late) < 0)
                .map(since -> "a task has been ready since " + ReasonFinder.shown(since.toInstant())
                        + ", for longer than " + shown(rule.duration()));
    }

    private Optional<String> stranded(AlertRule rule) {
        LiveRunners runners = LiveRunners.read(database);
        List<StatusStore.Version> versions =
                database.list(StatusStore.UNFINISHED_VERSIONS, StatusReader.VERSIONS.groups()).stream()
                        .filter(each -> isMeant(each.workflow()) && !runners.have(each.workflow(), each.version()))
                        .limit(StatusReader.TOLD)
                        .toList();
        long all = versions.stream()
                .mapToLong(each -> database.find(
                                StatusStore.UNFINISHED_COUNT,
                                new StatusStore.OfVersion(each.workflow(), each.version(), StatusReader.SOME + 1))
                        .orElse(0L))
                .sum();
        if (all <= rule.executions()) {
            return Optional.empty();
        }
        return Optional.of(Counts.upTo(StatusReader.SOME, all)
                + " unfinished executions have a version that no live runner has: "
                + versions.stream()
                        .map(each -> each.workflow() + "@" + each.version())
                        .collect(Collectors.joining(", ")));
    }

    private Optional<String> lateSchedules(AlertRule rule, UniversalTimestamp now) {
        List<StatusStore.LateSchedule> late = database.list(
                StatusStore.LATE_SCHEDULES, new StatusStore.Overdue(before(now, rule), StatusReader.TOLD));
        if (late.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(late.stream()
                .map(each -> "schedule " + Arguments.shown(each.name()) + " should have fired at "
                        + ReasonFinder.shown(each.due().toInstant()))
                .collect(Collectors.joining("; ")));
    }

    private static UniversalTimestamp before(UniversalTimestamp now, AlertRule rule) {
        return now.saturatedPlus(rule.duration().negated());
    }

    /** Executions that deliver alerts do not count: an alert about them would cause the next one, without end. */
    static boolean isMeant(String workflow) {
        return !workflow.equals(AlertRule.DELIVERY);
    }

    private static String shown(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
