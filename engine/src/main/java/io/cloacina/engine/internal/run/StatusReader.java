package io.cloacina.engine.internal.run;

import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.AlertStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.LimitStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.StatusStore;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.VersionChange;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Status;
import io.cloacina.schema.catalog.Difference;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the status of everything that runs on a database, once. */
public final class StatusReader {
    /** Up to how many ready tasks are counted. */
    static final int MOST = 10_000;

    /** Up to how many rows everything else is counted, so that a status takes milliseconds. */
    static final int SOME = 1_000;

    /** How many of the newest executions are read. */
    static final int NEWEST = 5_000;

    /** How many versions are read, and how many tasks of each. */
    static final StatusStore.Look VERSIONS = new StatusStore.Look(200, 200);

    /** How many keys of limits are read, and how many tasks of each. */
    static final StatusStore.Look KEYS = new StatusStore.Look(200, 101);

    /** How many limits, versions and schedules are reported. */
    static final int TOLD = 20;

    private static final int NAMED = 3;
    private static final Status.Ended NOTHING = new Status.Ended(0, 0, 0);

    private final Database database;
    private final Clock clock;
    private final Stranding stranding;
    private final FullLimits limits;

    public StatusReader(SharedParts parts, VersionChange versionChange) {
        this.database = parts.database();
        this.clock = parts.settings().clock();
        this.stranding = new Stranding(database, parts.definitions(), versionChange);
        this.limits = new FullLimits(database, parts.definitions());
    }

    public Status read() {
        UniversalTimestamp now = UniversalTimestamp.now(clock);
        LiveRunners runners = LiveRunners.read(database);
        UniversalTimestamp late = now.plus(Problems.LATE.negated());
        List<StatusStore.ReadyVersion> ofVersions = database.list(StatusStore.READY_VERSIONS, VERSIONS);
        List<StatusStore.ReadyKeys> ofLimits = database.list(StatusStore.READY_KEYS, KEYS).stream()
                .sorted(Comparator.comparing(StatusStore.ReadyKeys::since))
                .toList();
        List<StatusStore.ReadyKeys> free = new ArrayList<>();
        List<Status.FullLimit> fullLimits = fullLimits(ofLimits, now, free);
        List<StatusStore.Recent> recent = database.list(
                StatusStore.RECENT_OF,
                new StatusStore.Since(now.plus(Duration.ofMinutes(-1)), now.plus(Duration.ofHours(-1)), NEWEST));
        Status status = new Status(
                now.toInstant(),
                runners.all().stream().map(runner -> state(runner, runners)).toList(),
                Counts.upTo(
                        MOST, database.find(StatusStore.READY_COUNT, MOST + 1).orElse(0L)),
                oldest(Stream.concat(
                        ofVersions.stream().map(StatusStore.ReadyVersion::since),
                        ofLimits.stream().map(StatusStore.ReadyKeys::since))),
                waiting(),
                count(StatusStore.PAUSED_COUNT, SOME + 1),
                count(StatusStore.OVERDUE_COUNT, new StatusStore.Overdue(late, SOME + 1)),
                fullLimits,
                stranded(runners),
                lateSchedules(late, runners),
                recent.stream()
                        .map(StatusReader::activity)
                        .filter(each -> !each.hour().equals(NOTHING))
                        .toList(),
                recent.stream().mapToLong(StatusStore.Recent::all).sum() >= NEWEST,
                SchemaCheck.versions(database, CloacinaMigrations.ALL).stream()
                        .map(Difference::toString)
                        .toList(),
                databaseState(),
                List.of());
        return Problems.addedTo(
                status,
                unexplained(ofVersions, free, runners),
                recent.stream()
                        .collect(Collectors.toMap(StatusStore.Recent::workflow, StatusStore.Recent::rootsFailedInHour)),
                runners.versions(AlertRule.DELIVERY).isEmpty() ? database.list(AlertStore.ENABLED, TOLD) : List.of(),
                runners.gone().stream().map(UniversalUuid::value).collect(Collectors.toSet()));
    }

    /**
     * Since when the oldest ready task has been ready, among those that neither a full limit nor a missing version
     * holds back.
     */
    private static @Nullable Instant unexplained(
            List<StatusStore.ReadyVersion> ofVersions, List<StatusStore.ReadyKeys> free, LiveRunners runners) {
        return oldest(Stream.concat(
                ofVersions.stream()
                        .filter(each -> runners.have(each.workflow(), each.version()))
                        .map(StatusStore.ReadyVersion::since),
                free.stream()
                        .filter(each -> runners.have(each.workflow(), each.version()))
                        .map(StatusStore.ReadyKeys::since)));
    }

    private <P> Count count(Select<P, Long> counted, P argument) {
        return Counts.upTo(SOME, database.find(counted, argument).orElse(0L));
    }

    private Status.RunnerState state(RunnerStore.Stored runner, LiveRunners runners) {
        return new Status.RunnerState(
                runner.id().value(),
                runner.host(),
                runner.pid(),
                runner.slots(),
                count(StatusStore.HELD_COUNT, new StatusStore.Held(runner.id(), SOME + 1)),
                runners.leaseAge(runner),
                runners.isAlive(runner),
                runner.isClosing(),
                Workflows.labels(runner.workflows()));
    }

    private static @Nullable Instant oldest(Stream<UniversalTimestamp> times) {
        return times.min(UniversalTimestamp::compareTo)
                .map(UniversalTimestamp::toInstant)
                .orElse(null);
    }

    private Status.Waiting waiting() {
        Count children = count(StatusStore.WAITING_COUNT, new StatusStore.Waiting(WaitKind.CHILDREN, SOME + 1));
        long lists = children.isZero()
                ? 0
                : database.find(StatusStore.LISTS_COUNT, SOME).orElse(0L);
        return new Status.Waiting(
                count(StatusStore.WAITING_COUNT, new StatusStore.Waiting(WaitKind.SIGNAL, SOME + 1)),
                new Count(Math.max(0, children.atLeast() - lists), children.isMore()),
                new Count(lists, children.isMore()),
                count(StatusStore.WAITING_COUNT, new StatusStore.Waiting(WaitKind.TIME, SOME + 1)));
    }

    /**
     * The full limits that have kept a task waiting longest.
     *
     * @param free is given the ready tasks that no limit keeps waiting, except those that became ready after the last
     *     reported limit's
     */
    private List<Status.FullLimit> fullLimits(
            List<StatusStore.ReadyKeys> waiting, UniversalTimestamp now, List<StatusStore.ReadyKeys> free) {
        List<Status.FullLimit> all = new ArrayList<>();
        for (StatusStore.ReadyKeys each : waiting) {
            if (all.size() == TOLD) {
                break;
            }
            List<FullLimits.Full> found =
                    limits.of(each.workflow(), each.version(), each.taskName(), null, each.keys(), now);
            if (found.isEmpty()) {
                free.add(each);
            } else {
                all.add(limit(each, found.get(0)));
            }
        }
        return all;
    }

    private static Status.FullLimit limit(StatusStore.ReadyKeys waiting, FullLimits.Full full) {
        // Starts that a rate counts may have ended: they do not hold the limit.
        Stream<LimitStore.Holder> holders = full.roomAt() == null ? full.holders().stream() : Stream.empty();
        List<UUID> heldBy = holders.map(holder -> holder.execution().value())
                .distinct()
                .limit(NAMED)
                .toList();
        return new Status.FullLimit(
                waiting.workflow(),
                full.task(),
                full.limit().toString(),
                full.key(),
                heldBy,
                Counts.upTo(FullLimits.MOST - 1, full.holders().size()),
                Counts.upTo(KEYS.each() - 1, waiting.waiting()),
                waiting.since().toInstant());
    }

    private List<Status.Stranded> stranded(LiveRunners runners) {
        return database.list(StatusStore.UNFINISHED_VERSIONS, VERSIONS.groups()).stream()
                .filter(each -> !runners.have(each.workflow(), each.version()))
                .limit(TOLD)
                .map(each -> stranded(each, runners))
                .toList();
    }

    private Status.Stranded stranded(StatusStore.Version version, LiveRunners runners) {
        UniversalUuid oldest = database.find(
                        HistoryStore.OLDEST_OF, new HistoryStore.OfVersion(version.workflow(), version.version()))
                .map(HistoryStore.Aged::id)
                .orElse(UniversalUuid.NIL);
        Stranding.Outlook outlook = stranding.of(version.workflow(), version.version(), oldest, runners);
        return new Status.Stranded(
                version.workflow(),
                version.version(),
                count(
                        StatusStore.UNFINISHED_COUNT,
                        new StatusStore.OfVersion(version.workflow(), version.version(), SOME + 1)),
                outlook.versions(),
                outlook.why());
    }

    private List<Status.LateSchedule> lateSchedules(UniversalTimestamp late, LiveRunners runners) {
        return database.list(StatusStore.LATE_SCHEDULES, new StatusStore.Overdue(late, TOLD)).stream()
                .map(each -> new Status.LateSchedule(
                        each.name(),
                        each.workflow(),
                        each.due().toInstant(),
                        !runners.versions(each.workflow()).isEmpty()))
                .toList();
    }

    private static Status.Activity activity(StatusStore.Recent recent) {
        return new Status.Activity(
                recent.workflow(),
                new Status.Ended(recent.submittedInMinute(), recent.completedInMinute(), recent.failedInMinute()),
                new Status.Ended(recent.submittedInHour(), recent.completedInHour(), recent.failedInHour()));
    }

    private Status.DatabaseState databaseState() {
        StatusStore.Facts facts = database.list(StatusStore.FACTS).get(0);
        boolean isCounted = database.backend() == Backend.POSTGRES;
        return new Status.DatabaseState(
                database.backend(),
                facts.bytes(),
                isCounted ? facts.deadRows() : null,
                isCounted ? Duration.ofMillis(facts.oldestTransactionMillis()) : null);
    }
}
