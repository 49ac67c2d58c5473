package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.tables.RecoveryType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fails executions of workflows that no live runner has had for long. They are left alone until this runner has seen for the
 * whole time that nobody can run them, so that a restart or a deployment harms nothing. Used by one thread.
 */
final class Availability {
    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);
    private static final int BATCH = 200;

    private final Database database;
    private final WriteLanes lanes;
    private final Workflows workflows;
    private final Interventions interventions;
    private final Clock clock;
    private final Duration patience;
    private final Map<Missing, Instant> missingSince = new HashMap<>();

    Availability(
            Database database,
            WriteLanes lanes,
            Workflows workflows,
            Interventions interventions,
            Clock clock,
            Duration patience) {
        this.interventions = interventions;
        this.database = database;
        this.lanes = lanes;
        this.workflows = workflows;
        this.clock = clock;
        this.patience = patience;
    }

    private record Missing(String workflow, String version) {}

    /** How often to look. */
    Duration interval() {
        Duration often = patience.dividedBy(10);
        return often.compareTo(Duration.ofMinutes(1)) < 0 ? Duration.ofMinutes(1) : often;
    }

    /** @param others the runners beside this one that are alive */
    void check(List<RunnerStore.Known> others) {
        Set<Missing> missing = new HashSet<>();
        for (HistoryStore.Backlog backlog : database.list(HistoryStore.BACKLOGS)) {
            if (workflows.find(backlog.workflow(), backlog.version()).isEmpty()
                    && others.stream().noneMatch(other -> has(other, backlog))) {
                missing.add(new Missing(backlog.workflow(), backlog.version()));
            }
        }
        missingSince.keySet().retainAll(missing);
        Instant now = clock.instant();
        for (Missing each : missing) {
            Instant since = missingSince.computeIfAbsent(each, absent -> {
                LOG.warn(
                        "no runner has workflow '{}' version {}: its executions wait, and fail in {}",
                        each.workflow,
                        each.version,
                        patience);
                return now;
            });
            if (Duration.between(since, now).compareTo(patience) >= 0) {
                failAll(each);
            }
        }
    }

    private void failAll(Missing missing) {
        HistoryStore.Abandoned some = new HistoryStore.Abandoned(missing.workflow, missing.version, BATCH);
        for (List<UniversalUuid> batch = database.list(HistoryStore.ABANDONED, some);
                !batch.isEmpty();
                batch = database.list(HistoryStore.ABANDONED, some)) {
            for (UniversalUuid execution : batch) {
                fail(missing, execution);
            }
        }
    }

    private void fail(Missing missing, UniversalUuid execution) {
        String error = "no runner has had workflow '" + missing.workflow + "' version " + missing.version + " for "
                + patience + "; register that version somewhere and retry the execution";
        lanes.callUnlessLocked(execution, (transaction, effects) -> {
            UniversalTimestamp at = UniversalTimestamp.now(clock);
            boolean failed = interventions.fail(transaction, execution, error, missing.workflow, at, effects);
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
