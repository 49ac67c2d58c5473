package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.FailurePauses;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.ScheduleStore;
import io.cloacina.engine.model.PayloadUnreadableException;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires the schedules that are due, in one transaction: locks them, submits the executions, stores the occurrences, and
 * sets the next times. So an occurrence and its execution are stored together or not at all, and a process that dies
 * leaves nothing to repair.
 *
 * <p>Which schedules a transaction may take, and what follows when it fails, is decided by the caller.
 */
public final class DueSchedules {
    /** How many executions one transaction submits at most. */
    public static final int BATCH = 500;

    /** How many executions one schedule submits at once, so that a schedule that catches up does not delay others. */
    private static final int SHARE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(DueSchedules.class);

    private final Workflows workflows;
    private final Submitter submitter;
    private final Interceptors interceptors;

    DueSchedules(Workflows workflows, Submitter submitter, Interceptors interceptors) {
        this.workflows = workflows;
        this.submitter = submitter;
        this.interceptors = interceptors;
    }

    /** When the next schedule fires, of those whose workflow this engine has. */
    public Optional<UniversalTimestamp> next(Database database) {
        return earliest(database.list(ScheduleStore.NEXT_DUE, workflows.namesJson()));
    }

    private static Optional<UniversalTimestamp> earliest(List<ScheduleStore.NextDue> all) {
        return all.stream().map(ScheduleStore.NextDue::at).min(UniversalTimestamp::compareTo);
    }

    /** The result of a transaction: how many schedules it fired, and when the next one is due. */
    public record Round(int taken, Optional<UniversalTimestamp> next) {}

    /** Which schedules one transaction takes: what it may take, and, even if it fails, which one it took last. */
    public static final class Taking {
        private final int most;
        private final FailurePauses<UniversalUuid> failing;
        private volatile ScheduleStore.@Nullable Stored last;

        /**
         * @param most how many schedules it may take
         * @param failing schedules that it does not take
         */
        public Taking(int most, FailurePauses<UniversalUuid> failing) {
            this.most = most;
            this.failing = failing;
        }

        /** The schedule that was taken last; null if none was. */
        public ScheduleStore.@Nullable Stored last() {
            return last;
        }
    }

    /** Fires the schedules that are due, as many as fit into one transaction. */
    public Round fire(UnitOfWork work, Taking taking) {
        UniversalTimestamp now = work.at();
        Batch batch = new Batch(now);
        int taken = 0;
        taking.last = null; // this may be another try
        for (ScheduleStore.NextDue due : work.list(ScheduleStore.NEXT_DUE, workflows.namesJson())) {
            int room = taking.most - taken;
            if (due.at().compareTo(now) > 0 || room == 0) {
                continue;
            }
            Workflow workflow = workflows.find(due.workflow()).orElse(null);
            if (workflow == null || !Submitter.serves(work.transaction(), workflow)) { // its package was deleted
                continue;
            }
            ScheduleStore.Due asked = new ScheduleStore.Due(due.workflow(), now, room + taking.failing.size());
            for (ScheduleStore.Stored schedule : work.list(ScheduleStore.CLAIM_DUE, asked)) {
                if (taken < taking.most && taking.failing.pause(schedule.id()) == null) {
                    taken++;
                    taking.last = schedule;
                    add(work.transaction(), schedule, workflow, batch);
                }
            }
        }
        submitter.submit(work, batch.submissions);
        Measures measures = work.effects().measures();
        batch.fired.forEach(fired -> measures.submitted(fired.scheduled().toInstant(), now.toInstant()));
        work.batch(ScheduleStore.INSERT_OCCURRENCE, batch.fired);
        work.batch(ScheduleStore.ADVANCE, batch.advanced);
        return new Round(taken, earliest(work.list(ScheduleStore.NEXT_DUE, workflows.namesJson())));
    }

    private static final class Batch {
        private final UniversalTimestamp now;
        private final List<PreparedExecution> submissions = new ArrayList<>();
        private final List<ScheduleStore.Fired> fired = new ArrayList<>();
        private final List<ScheduleStore.Advanced> advanced = new ArrayList<>();

        Batch(UniversalTimestamp now) {
            this.now = now;
        }

        int room() {
            return BATCH - submissions.size();
        }
    }

    private void add(WriteTransaction transaction, ScheduleStore.Stored stored, Workflow workflow, Batch batch) {
        UniversalTimestamp due = stored.nextAt();
        if (due == null || batch.room() == 0) {
            // The schedule was locked and does not advance: the next transaction fires it.
            return;
        }
        Schedule schedule;
        ObjectNode input;
        try {
            schedule = stored.schedule();
            input = stored.inputs();
        } catch (PayloadUnreadableException e) {
            throw e; // the schedule stays due, for a process that has the key
        } catch (CloacinaException e) {
            LOG.error("schedule '{}' is disabled, because it cannot be read: {}", stored.name(), e.getMessage());
            transaction.run(ScheduleStore.SWITCH, new ScheduleStore.Switch(stored.id(), UniversalBool.FALSE, null));
            return;
        }
        CatchUpPlan.Plan plan =
                CatchUpPlan.plan(schedule, due.toInstant(), batch.now.toInstant(), Math.min(SHARE, batch.room()));
        UniversalTimestamp last = stored.lastAt();
        for (Instant time : plan.times()) {
            last = UniversalTimestamp.of(time);
            PreparedExecution prepared =
                    prepared(UniversalUuid.v7(), stored.name(), workflow, input(input, stored.name(), time), batch.now);
            batch.submissions.add(prepared);
            batch.fired.add(new ScheduleStore.Fired(stored.id(), last, prepared.id(), batch.now));
        }
        UniversalTimestamp next = plan.next().map(UniversalTimestamp::of).orElse(null);
        batch.advanced.add(new ScheduleStore.Advanced(stored.id(), next, last));
    }

    /**
     * Fires a schedule manually, as an occurrence at an instant that is never one of the times of the schedule.
     *
     * @param id of the execution, because the work may run more than once
     * @throws UnknownWorkflowException if the package of the workflow was deleted
     */
    public void fire(UnitOfWork work, ScheduleStore.Stored schedule, Workflow workflow, UniversalUuid id) {
        UniversalTimestamp now = work.at();
        if (work.find(HistoryStore.FIND, id).isPresent()) {
            return; // an earlier commit succeeded although its answer was lost
        }
        if (!Submitter.serves(work.transaction(), workflow)) {
            throw UnknownWorkflowException.deleted(workflow.name());
        }
        Instant time = now.toInstant();
        // Times of schedules are whole seconds, and the transaction that fires a schedule holds its row.
        while (time.equals(time.truncatedTo(ChronoUnit.SECONDS))
                || work.find(ScheduleStore.OCCURRENCE, new ScheduleStore.At(schedule.id(), UniversalTimestamp.of(time)))
                        .isPresent()) {
            time = time.plus(1, ChronoUnit.MICROS);
        }
        ObjectNode input = input(schedule.inputs(), schedule.name(), time);
        LimitKeys.require(workflow, input);
        submitter.submit(work, List.of(prepared(id, schedule.name(), workflow, input, now)));
        work.run(
                ScheduleStore.INSERT_OCCURRENCE,
                new ScheduleStore.Fired(schedule.id(), UniversalTimestamp.of(time), id, now));
    }

    /** The input of an occurrence: that of the schedule, its name and the time. */
    public static ObjectNode input(ObjectNode given, String schedule, Instant time) {
        ObjectNode input = given.deepCopy();
        input.put(Schedule.NAME_KEY, schedule);
        input.put(Schedule.TIME_KEY, time.toString());
        return input;
    }

    private PreparedExecution prepared(
            UniversalUuid id, String schedule, Workflow workflow, ObjectNode input, UniversalTimestamp at) {
        return PreparedExecution.of(id, workflow, input, JsonContext.text(input, "the input of a schedule"))
                .ofSchedule()
                .ownDeadline(at)
                .carried(interceptors.onSchedule(schedule, workflow.name()))
                .prepared();
    }
}
