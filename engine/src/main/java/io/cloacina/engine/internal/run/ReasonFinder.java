package io.cloacina.engine.internal.run;

import io.cloacina.api.Arguments;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.Instants;
import io.cloacina.engine.internal.store.LimitStore;
import io.cloacina.engine.internal.store.ReasonStore;
import io.cloacina.engine.internal.store.ReasonStore.Unfinished;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.StatusStore;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.VersionChange;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.Reason.Kind;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out why the unfinished tasks of an execution do not run, from rows alone. For one thread. */
public final class ReasonFinder {
    /** For how many tasks reasons are given. */
    static final int MOST = 1_000;

    private static final int NAMED = 3;

    private final Database database;
    private final Clock clock;
    private final Stranding stranding;
    private final FullLimits limits;

    public ReasonFinder(SharedParts parts, VersionChange versionChange) {
        this.database = parts.database();
        this.clock = parts.settings().clock();
        this.stranding = new Stranding(database, parts.definitions(), versionChange);
        this.limits = new FullLimits(database, parts.definitions());
    }

    /** The reasons, in the order of the definition; empty if all tasks have ended. */
    public List<Reason> why(Execution execution) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        List<Unfinished> tasks = database.list(ReasonStore.TASKS, new ReasonStore.Page(id, MOST));
        Map<String, Unfinished> byName = new LinkedHashMap<>();
        tasks.forEach(task -> byName.put(task.name(), task));
        Look look = new Look(execution, byName, LiveRunners.read(database));
        return tasks.stream().map(look::reason).toList();
    }

    /** The state that is read once for one execution. */
    private final class Look {
        private final Execution execution;
        private final Map<String, Unfinished> unfinished;
        private final LiveRunners runners;
        private final Instant now = clock.instant();
        private final List<RunnerStore.Stored> having;
        private Stranding.@Nullable Outlook outlook;

        Look(Execution execution, Map<String, Unfinished> unfinished, LiveRunners runners) {
            this.execution = execution;
            this.unfinished = unfinished;
            this.runners = runners;
            this.having = runners.having(execution.workflow(), execution.version());
        }

        Reason reason(Unfinished task) {
            return switch (task.status()) {
                case NOT_STARTED -> unlessPaused(task, notStarted(task));
                case READY -> unlessPaused(task, ready(task));
                case WAITING -> unlessPaused(task, waiting(task));
                // An ended one is not read.
                case RUNNING, COMPLETED, FAILED, SKIPPED, CANCELLED -> running(task);
            };
        }

        /** The pause comes first: what else the task waits for does not let it run before its execution is resumed. */
        private Reason unlessPaused(Unfinished task, Reason otherwise) {
            return task.isPaused() && otherwise.kind() != Kind.PAUSED
                    ? paused(task, "; besides, it " + otherwise.sentence())
                    : otherwise;
        }

        private Reason notStarted(Unfinished task) {
            for (String name : JsonContext.texts(task.dependencies())) {
                Unfinished dependency = unfinished.get(name);
                if (dependency != null) {
                    Instant started = Instants.of(dependency.startedAt());
                    boolean runs = dependency.status() == TaskStatus.RUNNING;
                    String how = runs ? "runs" + since(started) : "is " + state(dependency.status());
                    return new Why(task, Kind.DEPENDENCY, "waits for task " + Arguments.shown(name) + ", which " + how)
                            .since(runs ? started : null)
                            .with("dependency", name)
                            .with("state", dependency.status().label())
                            .reason();
                }
            }
            return new Why(task, Kind.RULE, "its dependencies have ended; its trigger rule is being evaluated")
                    .reason();
        }

        private Reason ready(Unfinished task) {
            if (task.isPaused()) {
                return paused(task, "");
            }
            Instant due = Instants.of(task.dueAt());
            if (due != null && (due.isAfter(now) || !having.isEmpty())) {
                return later(task, due);
            } else if (runners.alive().isEmpty()) {
                return new Why(
                                task,
                                Kind.NO_RUNNER,
                                "is ready, and no runner is alive: start one that has " + label(execution.version()))
                        .since(Instants.of(task.updatedAt()))
                        .reason();
            } else if (having.isEmpty()) {
                return ofMissingVersion(task);
            }
            String keys = task.limitKeys();
            if (keys != null) {
                List<FullLimits.Full> full = limits.of(
                        execution.workflow(),
                        execution.version(),
                        task.name(),
                        UniversalUuid.of(execution.id()),
                        keys,
                        UniversalTimestamp.of(now));
                if (!full.isEmpty()) {
                    return limited(task, full.get(0));
                }
            }
            return inLine(task);
        }

        private Reason paused(Unfinished task, String besides) {
            ReasonStore.Pause pause = database.find(ReasonStore.PAUSE, UniversalUuid.of(execution.id()))
                    .orElse(new ReasonStore.Pause(null, null));
            Instant since = Instants.of(pause.since());
            String reason = pause.reason();
            return new Why(
                            task,
                            Kind.PAUSED,
                            "its execution is paused" + since(since) + (reason == null ? "" : ": " + reason) + besides)
                    .since(since)
                    .with("reason", reason)
                    .reason();
        }

        /** The task becomes ready at a later time. */
        private Reason later(Unfinished task, Instant due) {
            String late = due.isAfter(now) ? "" : ", which has come; a runner wakes it soon";
            if (Objects.equals(task.retryAt(), task.dueAt())) {
                int next = task.attempt() + 1;
                return new Why(
                                task,
                                Kind.RETRY,
                                "failed; attempt " + next + " of " + task.maxAttempts() + " begins at " + shown(due)
                                        + late)
                        .since(Instants.of(task.updatedAt()))
                        .until(due)
                        .with("attempt", next)
                        .with("of", task.maxAttempts())
                        .reason();
            }
            return new Why(task, Kind.START, "its execution starts at " + shown(due) + late)
                    .until(due)
                    .reason();
        }

        private Reason ofMissingVersion(Unfinished task) {
            Stranding.Outlook known = outlook;
            if (known == null) {
                known = stranding.of(
                        execution.workflow(), execution.version(), UniversalUuid.of(execution.id()), runners);
                outlook = known;
            }
            String there = known.versions().isEmpty()
                    ? "none has another version"
                    : "live runners have "
                            + String.join(
                                    ", ",
                                    known.versions().stream().map(this::label).toList());
            String newest = known.newest();
            String verdict = newest == null
                    ? ""
                    : known.why() == null
                            ? "; a runner lets the execution continue with " + newest + " soon"
                            : "; it cannot continue with " + newest + ": " + known.why();
            return new Why(
                            task,
                            Kind.NO_VERSION,
                            "is ready, and no live runner has " + label(execution.version()) + "; " + there + verdict)
                    .since(Instants.of(task.updatedAt()))
                    .with("version", execution.version())
                    .with("versions", String.join(", ", known.versions()))
                    .with("why", known.why())
                    .reason();
        }

        private Reason limited(Unfinished task, FullLimits.Full full) {
            List<LimitStore.Holder> holders = full.holders();
            String heldBy = holders.stream()
                    .map(holder -> holder.execution().toString())
                    .distinct()
                    .limit(NAMED)
                    .collect(Collectors.joining(", "));
            String key = full.key();
            UniversalTimestamp roomAt = full.roomAt();
            return new Why(
                            task,
                            Kind.LIMIT,
                            "the limit '" + full.limit() + "' of "
                                    + (full.task() == null
                                            ? "workflow " + Arguments.shown(execution.workflow())
                                            : "task " + Arguments.shown(full.task()))
                                    + (key == null ? "" : " is full for " + key)
                                    + (key == null ? " is full" : "")
                                    + ": it is held by " + (holders.size() > NAMED ? holders.size() + ", such as " : "")
                                    + heldBy
                                    + (roomAt == null ? "" : "; there is room again at " + shown(roomAt.toInstant())))
                    .since(Instants.of(task.updatedAt()))
                    .until(Instants.of(roomAt))
                    .with("limit", full.limit())
                    .with("key", key)
                    .with("holders", holders.size())
                    .with("held_by", heldBy)
                    .reason();
        }

        /** Nothing keeps the task from being claimed, except tasks before it or a lack of free slots. */
        private Reason inLine(Unfinished task) {
            QueuePosition place = QueuePosition.of(database, execution, task);
            int slots = 0;
            boolean isFree = false;
            for (RunnerStore.Stored runner : having) {
                Integer its = runner.slots();
                int of = its == null ? 0 : its;
                slots += of;
                isFree |= !runner.isClosing()
                        && (its == null
                                || database.find(StatusStore.HELD_COUNT, new StatusStore.Held(runner.id(), of))
                                                .orElse(0L)
                                        < of);
            }
            String line = place.sentence();
            String who =
                    having.size() == 1 ? "the runner that has it" : "the " + having.size() + " runners that have it";
            return (isFree
                            ? new Why(
                                    task,
                                    Kind.SOON,
                                    "is ready" + since(Instants.of(task.updatedAt()))
                                            + ", and a runner with a free slot takes it soon" + line)
                            : new Why(
                                            task,
                                            Kind.SLOTS,
                                            "is ready" + since(Instants.of(task.updatedAt())) + ": all " + slots
                                                    + " slots of " + who + " are taken" + line)
                                    .with("slots", slots))
                    .since(Instants.of(task.updatedAt()))
                    .with("before", place.before())
                    .with("refused", place.refused())
                    .reason();
        }

        private Reason waiting(Unfinished task) {
            Instant since = Instants.of(task.updatedAt());
            Instant due = Instants.of(task.dueAt());
            String signal = task.signal();
            if (task.waitsFor() == null || task.waitsFor() == WaitKind.TIME) {
                return new Why(task, Kind.TIME, "sleeps" + (due == null ? "" : " until " + shown(due)))
                        .since(since)
                        .until(due)
                        .reason();
            } else if (task.waitsFor() == WaitKind.SIGNAL) {
                return new Why(
                                task,
                                Kind.SIGNAL,
                                "waits for signal " + Arguments.shown(signal) + since(since)
                                        + (due == null ? "" : ", until " + shown(due)))
                        .since(since)
                        .until(due)
                        .with("signal", signal)
                        .reason();
            }
            ReasonStore.Child child =
                    database.find(ReasonStore.CHILD, task.id()).orElse(null);
            if (child == null) {
                return new Why(
                                task,
                                Kind.LIST,
                                "waits for " + task.childrenRemaining()
                                        + (task.childrenRemaining() == 1 ? " run" : " runs")
                                        + " for elements of its list")
                        .since(since)
                        .with("left", task.childrenRemaining())
                        .reason();
            }
            return new Why(
                            task,
                            Kind.CHILD,
                            "waits for its child " + child.id() + " of workflow " + Arguments.shown(child.workflow())
                                    + ", which is " + child.status().label().toLowerCase(Locale.ROOT))
                    .since(since)
                    .with("child", child.id())
                    .with("workflow", child.workflow())
                    .with("state", child.status().label())
                    .reason();
        }

        private Reason running(Unfinished task) {
            RunnerStore.Stored runner = task.claimedBy() == null
                    ? null
                    : runners.find(task.claimedBy()).orElse(null);
            Instant since = Instants.of(task.startedAt());
            if (runner == null) {
                return new Why(task, Kind.RUNNING, "runs" + since(since))
                        .since(since)
                        .reason();
            }
            String where = "host " + Arguments.shown(runner.host()) + ", process " + runner.pid();
            boolean isAlive = runners.isAlive(runner);
            String timeout = JsonContext.parse(task.configuration(), "the configuration of a task")
                    .path("timeout")
                    .asText();
            Instant until = since == null || timeout.isEmpty() ? null : since.plus(Duration.parse(timeout));
            String left = until == null
                    ? ""
                    : ", with " + Math.max(0, Duration.between(now, until).toSeconds()) + " s left of its timeout";
            return (isAlive
                            ? new Why(task, Kind.RUNNING, "runs on " + where + since(since) + left).until(until)
                            : new Why(
                                    task,
                                    Kind.RUNNER_SILENT,
                                    "ran on " + where + since(since)
                                            + (runners.gone().contains(runner.id())
                                                    ? ", whose process has ended"
                                                    : ", which has not renewed its lease for "
                                                            + runners.leaseAge(runner)
                                                                    .toSeconds() + " s")
                                            + (runners.alive().isEmpty()
                                                    ? "; no runner is alive that could take the task"
                                                    : "; another runner takes the task soon")))
                    .since(since)
                    .with("host", runner.host())
                    .with("pid", runner.pid())
                    .with("runner", runner.id())
                    .with("left", isAlive && until != null ? Duration.between(now, until) : null)
                    .reason();
        }

        private String label(String version) {
            return execution.workflow() + "@" + version;
        }
    }

    private static String since(@Nullable Instant at) {
        return at == null ? "" : " since " + shown(at);
    }

    /** In UTC, truncated to seconds. */
    static String shown(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String state(TaskStatus status) {
        return switch (status) {
            case NOT_STARTED -> "not started";
            case READY -> "ready";
            case WAITING -> "waiting";
            case RUNNING, COMPLETED, FAILED, SKIPPED, CANCELLED -> status.label();
        };
    }
}
