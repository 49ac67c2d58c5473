package io.cloacina.engine.internal.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.RecoveryType;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.write.ExecutionControl;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * Tells of executions whose workflow no live runner has in their version, and fails those that wait for one for too long. They
 * are left alone until this runner has seen for the whole time that nobody can run them, so that a restart or a deployment
 * harms nothing; the time is one that no clock moves. Used by one thread at a time.
 */
public final class MissingWorkflowCheck {
    /** It is told again now and then, so that whoever looks into the log of the last hours finds it. */
    private static final Duration TOLD_AGAIN_AFTER = Duration.ofHours(1);

    private static final Duration MOST_OFTEN = Duration.ofMinutes(1);
    private static final Duration LEAST_OFTEN = Duration.ofMinutes(10);
    private static final int BATCH = 200;
    private static final int NAMED = 10;

    private final Database database;
    private final WriteLanes lanes;
    private final Workflows workflows;
    private final ExecutionControl control;
    private final Clock clock;
    private final Supplier<Duration> elapsed;
    private final Duration patience;
    private final Consumer<String> log;
    private final Map<Missing, Noticed> noticed = new LinkedHashMap<>();

    /** {@code elapsed}: monotonic time. */
    public MissingWorkflowCheck(
            SharedParts parts, WriteLanes lanes, ExecutionControl control, Supplier<Duration> elapsed) {
        this(parts, lanes, control, elapsed, LoggerFactory.getLogger(MissingWorkflowCheck.class)::warn);
    }

    /** {@code log}: takes warnings. */
    public MissingWorkflowCheck(
            SharedParts parts,
            WriteLanes lanes,
            ExecutionControl control,
            Supplier<Duration> elapsed,
            Consumer<String> log) {
        this.database = parts.database();
        this.lanes = lanes;
        this.workflows = parts.workflows();
        this.control = control;
        this.clock = parts.settings().clock();
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

    /** How often to look, besides when runners come and go. */
    Duration interval() {
        Duration often = patience.dividedBy(10);
        return often.compareTo(MOST_OFTEN) < 0 ? MOST_OFTEN : often.compareTo(LEAST_OFTEN) > 0 ? LEAST_OFTEN : often;
    }

    /** {@code others}: the runners beside this one that are alive. */
    public void check(List<RunnerStore.Known> others) {
        Map<Missing, Long> missing = new LinkedHashMap<>();
        for (HistoryStore.Backlog backlog : database.list(HistoryStore.BACKLOGS)) {
            if (workflows.find(backlog.workflow(), backlog.version()).isEmpty()
                    && others.stream().noneMatch(other -> has(other, backlog))) {
                missing.put(new Missing(backlog.workflow(), backlog.version()), backlog.executions());
            }
        }
        noticed.keySet().retainAll(missing.keySet());
        Duration now = elapsed.get();
        missing.forEach((each, executions) -> {
            Noticed before = noticed.get(each);
            if (before != null && now.minus(before.at).compareTo(patience) >= 0) {
                failAll(each);
            } else if (before == null || now.minus(before.toldAt).compareTo(TOLD_AGAIN_AFTER) >= 0) {
                tell(each, executions, others);
                noticed.put(each, new Noticed(before == null ? now : before.at, now));
            }
        });
    }

    private void tell(Missing missing, long executions, List<RunnerStore.Known> others) {
        String oldest = database.find(
                        HistoryStore.OLDEST_OF, new HistoryStore.OfVersion(missing.workflow, missing.version))
                .map(found -> found.id() + " of " + found.createdAt())
                .orElse("just ended");
        TreeSet<String> there = new TreeSet<>(workflows.versions(missing.workflow));
        others.forEach(other -> there.addAll(Workflows.versions(other.workflows(), missing.workflow)));
        log.accept("unfinished executions of " + missing + ", which no runner has: " + executions + ", the oldest "
                + oldest + "; versions that runners have: " + (there.isEmpty() ? "none" : String.join(", ", there))
                + ". They wait for a runner that has it, and fail when there has been none for " + patience);
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
            log.accept("executions of " + missing + " that failed, because no runner has had it for " + patience
                    + ": "
                    + failed.size() + " ("
                    + failed.stream().limit(NAMED).map(UniversalUuid::toString).collect(Collectors.joining(", "))
                    + (failed.size() > NAMED ? ", …" : "") + "); they can be retried when a runner has it");
        }
    }

    private boolean fail(Missing missing, UniversalUuid execution) {
        String error = "no runner has had " + missing + " for " + patience
                + "; register that version somewhere and retry the execution";
        return lanes.callUnlessLocked(execution, (transaction, effects) -> {
            UniversalTimestamp at = UniversalTimestamp.now(clock);
            boolean failed = control.fail(transaction, execution, error, missing.workflow, at, effects);
            if (failed) {
                ObjectNode details = JsonContext.empty()
                        .put("workflow", missing.workflow)
                        .put("version", missing.version)
                        .put("waited", patience.toString());
                transaction.run(
                        RunnerStore.INSERT_EVENT,
                        new RunnerStore.NewEvent(
                                UniversalUuid.v7(),
                                execution,
                                null,
                                RecoveryType.WORKFLOW_UNAVAILABLE,
                                details.toString(),
                                at));
            }
            return failed;
        });
    }

    private static boolean has(RunnerStore.Known runner, HistoryStore.Backlog backlog) {
        return Workflows.has(runner.workflows(), backlog.workflow(), backlog.version());
    }
}
