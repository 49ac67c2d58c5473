package io.cloacina.engine.internal.run;

import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.StatusStore;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.VersionChange;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Status;
import io.cloacina.schema.catalog.Difference;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads how all is that runs on a database. Thread safe. */
public final class StatusReader {
    /** Up to where is counted, and how many of the newest executions are looked at. */
    static final int MOST = 10_000;

    /** How many versions, or keys of limits, are looked at, and how many tasks of each. */
    static final StatusStore.Look VERSIONS = new StatusStore.Look(50, 200);

    /** How many limits, versions and schedules are told of. */
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
        StatusStore.Overdue overdue = new StatusStore.Overdue(now.plus(Problems.LATE.negated()), MOST + 1);
        List<StatusStore.ReadyKeys> ofLimits = database.list(StatusStore.READY_KEYS, VERSIONS);
        Status status = new Status(
                now.toInstant(),
                runners.all().stream().map(runner -> state(runner, runners)).toList(),
                count(StatusStore.READY_COUNT, MOST + 1),
                oldestReady(ofLimits),
                waiting(),
                count(StatusStore.PAUSED_COUNT, MOST + 1),
                count(StatusStore.OVERDUE_COUNT, overdue),
                fullLimits(ofLimits, now),
                stranded(runners),
                lateSchedules(now, runners),
                activity(now),
                database.find(StatusStore.EXECUTIONS_COUNT, MOST + 1).orElse(0L) > MOST,
                SchemaCheck.versions(database).stream().map(Difference::toString).toList(),
                databaseState(),
                List.of());
        return Problems.addedTo(status);
    }

    /** What a count was that stopped one after {@code most}. */
    static Count upTo(long most, long counted) {
        return new Count(Math.min(most, counted), counted > most);
    }

    private <P> Count count(Select<P, Long> counted, P argument) {
        return upTo(MOST, database.find(counted, argument).orElse(0L));
    }

    private Status.RunnerState state(RunnerStore.Stored runner, LiveRunners runners) {
        return new Status.RunnerState(
                runner.id().value(),
                runner.host(),
                runner.pid(),
                runner.slots(),
                count(StatusStore.HELD_COUNT, new StatusStore.Held(runner.id(), MOST + 1)),
                runners.leaseAge(runner),
                runners.isAlive(runner),
                runner.isClosing(),
                Workflows.labels(runner.workflows()));
    }

    private @Nullable Instant oldestReady(List<StatusStore.ReadyKeys> ofLimits) {
        return Stream.concat(
                        database.list(StatusStore.READY_VERSIONS, VERSIONS).stream()
                                .map(StatusStore.ReadyVersion::since),
                        ofLimits.stream().map(StatusStore.ReadyKeys::since))
                .min(UniversalTimestamp::compareTo)
                .map(UniversalTimestamp::toInstant)
                .orElse(null);
    }

    private Status.Waiting waiting() {
        Count children = count(StatusStore.WAITING_COUNT, new StatusStore.Waiting(WaitKind.CHILDREN, MOST + 1));
        long lists = children.isZero()
                ? 0
                : database.find(StatusStore.LISTS_COUNT, MOST + 1).orElse(0L);
        return new Status.Waiting(
                count(StatusStore.WAITING_COUNT, new StatusStore.Waiting(WaitKind.SIGNAL, MOST + 1)),
                new Count(Math.max(0, children.atLeast() - lists), children.isMore()),
                upTo(MOST, lists),
                count(StatusStore.WAITING_COUNT, new StatusStore.Waiting(WaitKind.TIME, MOST + 1)));
    }

    private List<Status.FullLimit> fullLimits(List<StatusStore.ReadyKeys> waiting, UniversalTimestamp now) {
        List<Status.FullLimit> all = new ArrayList<>();
        for (StatusStore.ReadyKeys each : waiting) {
            if (all.size() >= TOLD) {
                break;
            }
            limits.of(each.workflow(), each.version(), each.taskName(), null, each.keys(), now).stream()
                    .findFirst()
                    .map(full -> limit(each, full))
                    .ifPresent(all::add);
        }
        return all;
    }

    private static Status.FullLimit limit(StatusStore.ReadyKeys waiting, FullLimits.Full full) {
        List<UUID> heldBy = full.holders().stream()
                .map(holder -> holder.execution().value())
                .distinct()
                .limit(NAMED)
                .toList();
        int most = VERSIONS.each() - 1;
        return new Status.FullLimit(
                waiting.workflow(),
                full.task(),
                full.limit().toString(),
                full.key(),
                heldBy,
                upTo(FullLimits.MOST - 1, full.holders().size()),
                upTo(most, waiting.waiting()),
                waiting.since().toInstant());
    }

    private List<Status.Stranded> stranded(LiveRunners runners) {
        return database
                .list(StatusStore.UNFINISHED_VERSIONS, new StatusStore.Look(VERSIONS.groups(), MOST + 1))
                .stream()
                .filter(each -> !runners.have(each.workflow(), each.version()))
                .limit(TOLD)
                .map(each -> stranded(each, runners))
                .toList();
    }

    private Status.Stranded stranded(StatusStore.UnfinishedVersion version, LiveRunners runners) {
        UniversalUuid oldest = database.find(
                        HistoryStore.OLDEST_OF, new HistoryStore.OfVersion(version.workflow(), version.version()))
                .map(HistoryStore.Aged::id)
                .orElse(UniversalUuid.NIL);
        Stranding.Outlook outlook = stranding.of(version.workflow(), version.version(), oldest, runners);
        return new Status.Stranded(
                version.workflow(),
                version.version(),
                upTo(MOST, version.executions()),
                outlook.versions(),
                outlook.why());
    }

    private List<Status.LateSchedule> lateSchedules(UniversalTimestamp now, LiveRunners runners) {
        return database
                .list(
                        StatusStore.LATE_SCHEDULES,
                        new StatusStore.Overdue(now.plus(Problems.LATE.negated()), TOLD))
                .stream()
                .map(late -> new Status.LateSchedule(
                        late.name(),
                        late.workflow(),
                        late.due().toInstant(),
                        !runners.versions(late.workflow()).isEmpty()))
                .toList();
    }

    private List<Status.Activity> activity(UniversalTimestamp now) {
        return database
                .list(
                        StatusStore.RECENT_OF,
                        new StatusStore.Since(
                                now.plus(Duration.ofMinutes(-1)), now.plus(Duration.ofHours(-1)), MOST))
                .stream()
                .map(recent -> new Status.Activity(
                        recent.workflow(),
                        new Status.Ended(
                                recent.submittedInMinute(), recent.completedInMinute(), recent.failedInMinute()),
                        new Status.Ended(recent.submittedInHour(), recent.completedInHour(), recent.failedInHour())))
                .filter(each -> !each.hour().equals(NOTHING))
                .toList();
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
