package io.cloacina.engine.internal.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.RecoveryType;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.DefinitionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.VersionStore;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.internal.write.ExecutionControl;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.internal.write.VersionChange;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles executions whose version no live runner has, because a deployment removed it or a runner is missing. Executions that
 * are compatible with the newest version that runners have continue with that version, moved by a runner that has it. The
 * others wait, and are named in the log. They fail only if a time was set for that and this runner has seen the version missing
 * for all of it, by a monotonic clock. Used by one thread at a time.
 */
public final class MissingWorkflowCheck {
    /** A warning is repeated, so that it is found in the log of the last hours. */
    private static final Duration TOLD_AGAIN_AFTER = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(MissingWorkflowCheck.class);
    private static final Duration MOST_OFTEN = Duration.ofMinutes(1);
    private static final Duration LEAST_OFTEN = Duration.ofMinutes(10);
    private static final UniversalUuid BEFORE_ALL = UniversalUuid.of(new UUID(0, 0));
    private static final int BATCH = 200;
    private static final int NAMED = 10;

    private final Database database;
    private final WriteLanes lanes;
    private final Workflows workflows;
    private final ExecutionControl control;
    private final Supplier<Duration> elapsed;
    private final Duration patience;
    private final Consumer<String> log;
    private final Definitions definitions;
    private final VersionChange versionChange;
    private final Map<Missing, Pass> passes = new HashMap<>();
    private final Map<Missing, Noticed> noticed = new LinkedHashMap<>();

    /** {@code elapsed}: monotonic time. */
    public MissingWorkflowCheck(SharedParts parts, WriteLanes lanes, Steps steps, Supplier<Duration> elapsed) {
        this(parts, lanes, steps, elapsed, LOG::warn);
    }

    /** {@code log}: takes warnings. */
    public MissingWorkflowCheck(
            SharedParts parts, WriteLanes lanes, Steps steps, Supplier<Duration> elapsed, Consumer<String> log) {
        this.database = parts.database();
        this.lanes = lanes;
        this.workflows = parts.workflows();
        this.definitions = parts.definitions();
        this.control = steps.control();
        this.versionChange = steps.versionChange();
        this.elapsed = elapsed;
        this.patience = parts.settings().unavailableAfter();
        this.log = log;
    }

    private record Missing(String workflow, String version) {
        @Override
        public String toString() {
            return "workflow '" + workflow + "' version " + version;
        }
    }

    private record Noticed(Duration at, Duration toldAt) {}

    /** One pass through the executions of a version. It is repeated when something may have changed. */
    private static final class Pass {
        private final Workflow to;
        private final Duration begunAt;
        private boolean hasEnded;
        private boolean isToBeRepeated;
        private UniversalUuid after = BEFORE_ALL;
        private int changed;
        private int left;
        private @Nullable String firstLeft;

        Pass(Workflow to, Duration begunAt) {
            this.to = to;
            this.begunAt = begunAt;
        }

        void leave(UniversalUuid execution, VersionChange.Result result) {
            left++;
            isToBeRepeated |= result.isForNow();
            if (firstLeft == null) {
                firstLeft = execution + ": " + result.why();
            }
        }

        /** Whether another pass would lead to the same: no execution and no version has changed, and this one is recent. */
        boolean standsFor(Workflow newest, long executions, Duration now) {
            return hasEnded
                    && !isToBeRepeated
                    && to == newest
                    && left == executions
                    && now.minus(begunAt).compareTo(TOLD_AGAIN_AFTER) < 0;
        }
    }

    /** How often to check, besides when runners come and go. */
    Duration interval() {
        Duration often = patience.dividedBy(10);
        return often.compareTo(MOST_OFTEN) < 0 ? MOST_OFTEN : often.compareTo(LEAST_OFTEN) > 0 ? LEAST_OFTEN : often;
    }

    /**
     * Checks once, for a limited number of executions; true if there are more to check.
     *
     * @param others the other runners that are alive
     */
    public boolean check(List<RunnerStore.Known> others) {
        Map<Missing, Long> missing = new LinkedHashMap<>();
        for (HistoryStore.Backlog backlog : database.list(HistoryStore.BACKLOGS)) {
            if (workflows.find(backlog.workflow(), backlog.version()).isEmpty()
                    && others.stream().noneMatch(other -> has(other, backlog.workflow(), backlog.version()))) {
                missing.put(new Missing(backlog.workflow(), backlog.version()), backlog.executions());
            }
        }
        noticed.keySet().retainAll(missing.keySet());
        passes.keySet().retainAll(missing.keySet());
        boolean isMore = false;
        Duration now = elapsed.get();
        for (Map.Entry<Missing, Long> entry : missing.entrySet()) {
            Missing each = entry.getKey();
            Pass pass = takeOver(each, entry.getValue(), others, now);
            if (pass != null && !pass.hasEnded) {
                isMore = true;
                continue;
            }
            long waiting = pass == null ? entry.getValue() : pass.left;
            Noticed before = noticed.get(each);
            if (waiting > 0 && before != null && now.minus(before.at).compareTo(patience) >= 0) {
                failAll(each);
            } else if (waiting > 0
                    && (before == null || now.minus(before.toldAt).compareTo(TOLD_AGAIN_AFTER) >= 0)) {
                tell(each, waiting, others, pass == null ? null : pass.firstLeft);
                noticed.put(each, new Noticed(before == null ? now : before.at, now));
            }
        }
        return isMore;
    }

    /**
     * Lets some executions continue with the newest version, if this engine has it. Returns the pass through them, ended or
     * not; null if that version is not known to this engine, or these executions may not change their version.
     */
    private @Nullable Pass takeOver(Missing missing, long executions, List<RunnerStore.Known> others, Duration now) {
        Workflow newest = definitions.versions(missing.workflow).stream()
                .map(DefinitionStore.Header::version)
                .filter(version -> workflows.find(missing.workflow, version).isPresent()
                        || others.stream().anyMatch(other -> has(other, missing.workflow, version)))
                .findFirst()
                .flatMap(version -> workflows.find(missing.workflow, version))
                .orElse(null);
        if (newest == null || definitions.isPinned(missing.workflow, missing.version, newest)) {
            passes.remove(missing);
            return null;
        }
        Pass pass = passes.get(missing);
        if (pass != null && pass.standsFor(newest, executions, now)) {
            return pass;
        }
        if (pass == null || pass.hasEnded || pass.to != newest) {
            pass = new Pass(newest, now);
            passes.put(missing, pass);
        }
        List<UniversalUuid> some = database.list(
                VersionStore.UNFINISHED, new VersionStore.Page(missing.workflow, missing.version, pass.after, BATCH));
        for (UniversalUuid execution : some) {
            VersionChange.Result result = change(missing, execution, newest);
            if (result.isChanged()) {
                pass.changed++;
            } else if (result.why() != null) {
                pass.leave(execution, result);
            }
            pass.after = execution;
        }
        if (some.size() < BATCH) {
            pass.hasEnded = true;
            if (pass.changed > 0) {
                LOG.info("executions of {} that continue with version {}: {}", missing, newest.version(), pass.changed);
            }
        }
        return pass;
    }

    private VersionChange.Result change(Missing missing, UniversalUuid execution, Workflow to) {
        return lanes.callUnlessLocked(execution, work -> versionChange.change(work, execution, missing.version, to));
    }

    private void tell(Missing missing, long executions, List<RunnerStore.Known> others, @Nullable String firstLeft) {
        String oldest = database.find(
                        HistoryStore.OLDEST_OF, new HistoryStore.OfVersion(missing.workflow, missing.version))
                .map(found -> found.id() + " of " + found.createdAt())
                .orElse("just ended");
        TreeSet<String> there = new TreeSet<>(workflows.versions(missing.workflow));
        others.forEach(other -> there.addAll(Workflows.versions(other.workflows(), missing.workflow)));
        log.accept("unfinished executions of " + missing + ", which no runner has: " + executions + ", the oldest "
                + oldest + "; versions that runners have: " + (there.isEmpty() ? "none" : String.join(", ", there))
                + (firstLeft == null ? "" : "; the first one that cannot continue with another version: " + firstLeft)
                + ". They wait for a runner that has it"
                + (isForever() ? "" : ", and fail when there has been none for " + Arguments.span(patience)));
    }

    private boolean isForever() {
        return patience.compareTo(Arguments.LONGEST) > 0;
    }

    private void failAll(Missing missing) {
        HistoryStore.Abandoned some = new HistoryStore.Abandoned(missing.workflow, missing.version, BATCH);
        List<UniversalUuid> failed = new ArrayList<>();
        for (List<UniversalUuid> batch = database.list(HistoryStore.ABANDONED, some);
                !batch.isEmpty();
                batch = database.list(HistoryStore.ABANDONED, some)) {
            for (UniversalUuid execution : batch) {
                if (fail(missing, execution)) {
                    failed.add(execution);
                }
            }
        }
        if (!failed.isEmpty()) {
            log.accept("executions of " + missing + " that failed, because no runner has had it for "
                    + Arguments.span(patience) + ": " + failed.size() + " ("
                    + failed.stream().limit(NAMED).map(UniversalUuid::toString).collect(Collectors.joining(", "))
                    + (failed.size() > NAMED ? ", …" : "") + "); they can be retried when a runner has it");
        }
    }

    private boolean fail(Missing missing, UniversalUuid execution) {
        String error = "no runner has had " + missing + " for " + Arguments.span(patience)
                + "; register that version somewhere and retry the execution";
        return lanes.callUnlessLocked(execution, work -> {
            boolean failed = control.fail(work, execution, error, missing.workflow);
            if (failed) {
                ObjectNode details = JsonContext.empty()
                        .put("workflow", missing.workflow)
                        .put("version", missing.version)
                        .put("waited", patience.toString());
                work.run(
                        RunnerStore.INSERT_EVENT,
                        new RunnerStore.NewEvent(
                                UniversalUuid.v7(),
                                execution,
                                null,
                                RecoveryType.WORKFLOW_UNAVAILABLE,
                                details.toString(),
                                work.at()));
            }
            return failed;
        });
    }

    private static boolean has(RunnerStore.Known runner, String workflow, String version) {
        return Workflows.has(runner.workflows(), workflow, version);
    }
}
