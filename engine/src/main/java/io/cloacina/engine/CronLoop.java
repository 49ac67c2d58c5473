package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.tables.ExecutionOrigin;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires what is due, in one transaction: takes the schedules, submits the executions, records the occurrences, and sets the
 * next times. So an occurrence is there with its execution or not at all, and whoever dies on the way leaves nothing to mend.
 */
final class CronLoop {
    /** How many executions one transaction submits at most. */
    static final int BATCH = 500;

    /** Of one schedule, so that one that catches up does not hold up the others. */
    private static final int SHARE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(CronLoop.class);

    private final Workflows workflows;
    private final Submitter submitter;
    private final Clock clock;

    CronLoop(Workflows workflows, Submitter submitter, Clock clock) {
        this.workflows = workflows;
        this.submitter = submitter;
        this.clock = clock;
    }

    /** When the next schedule fires whose workflow this engine has. */
    Optional<UniversalTimestamp> next(Database database) {
        return earliest(database.list(ScheduleStore.NEXT_DUE, workflows.namesJson()));
    }

    private static Optional<UniversalTimestamp> earliest(List<ScheduleStore.NextDue> all) {
        return all.stream().map(ScheduleStore.NextDue::at).min(UniversalTimestamp::compareTo);
    }

    /** What a transaction did: how many schedules it took, and when the next one is due. */
    record Round(int taken, Optional<UniversalTimestamp> next) {}

    /** Fires what is due, as much as fits into one transaction. */
    Round fire(WriteTransaction transaction, Effects effects) {
        UniversalTimestamp now = UniversalTimestamp.now(clock);
        Batch batch = new Batch(now);
        int taken = 0;
        for (ScheduleStore.NextDue due : transaction.list(ScheduleStore.NEXT_DUE, workflows.namesJson())) {
            int room = BATCH - taken;
            if (due.at().compareTo(now) > 0 || room == 0) {
                continue;
            }
            Workflow workflow = workflows.find(due.workflow()).orElse(null);
            if (workflow == null || !workflow.serves(transaction)) { // its package has just gone
                continue;
            }
            for (ScheduleStore.Stored schedule :
                    transaction.list(ScheduleStore.CLAIM_DUE, new ScheduleStore.Due(due.workflow(), now, room))) {
                taken++;
                add(transaction, schedule, workflow, batch);
            }
        }
        submitter.submit(transaction, batch.submissions, effects);
        transaction.batch(ScheduleStore.INSERT_OCCURRENCE, batch.fired);
        transaction.batch(ScheduleStore.ADVANCE, batch.advanced);
        return new Round(taken, earliest(transaction.list(ScheduleStore.NEXT_DUE, workflows.namesJson())));
    }

    private static final class Batch {
        private final UniversalTimestamp now;
        private final List<Submitter.Prepared> submissions = new ArrayList<>();
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
            // Taken and not advanced: the next transaction takes it again.
            return;
        }
        Schedule schedule;
        ObjectNode input;
        try {
            schedule = Schedules.schedule(stored);
            input = Schedules.input(stored);
        } catch (CloacinaException e) {
            LOG.error("schedule '{}' is disabled, because it cannot be read: {}", stored.name(), e.getMessage());
            transaction.run(ScheduleStore.SWITCH, new ScheduleStore.Switch(stored.id(), UniversalBool.FALSE, null));
            return;
        }
        Missed.Plan plan = Missed.plan(schedule, due.toInstant(), batch.now.toInstant(), Math.min(SHARE, batch.room()));
        UniversalTimestamp last = stored.lastAt();
        for (Instant time : plan.times()) {
            last = UniversalTimestamp.of(time);
            Submitter.Prepared prepared = prepared(workflow, input(input, stored.name(), time), batch.now);
            batch.submissions.add(prepared);
            batch.fired.add(new ScheduleStore.Fired(stored.id(), last, prepared.id(), batch.now));
        }
        UniversalTimestamp next = plan.next().map(UniversalTimestamp::of).orElse(null);
        batch.advanced.add(new ScheduleStore.Advanced(stored.id(), next, last));
    }

    private static ObjectNode input(ObjectNode given, String schedule, Instant time) {
        ObjectNode input = given.deepCopy();
        input.put(Schedule.NAME_KEY, schedule);
        input.put(Schedule.TIME_KEY, time.toString());
        return input;
    }

    private static Submitter.Prepared prepared(Workflow workflow, ObjectNode input, UniversalTimestamp at) {
        return new Submitter.Prepared(
                UniversalUuid.v7(),
                workflow,
                input,
                JsonContext.text(input, "the input of a schedule"),
                null,
                0,
                null,
                null,
                ExecutionOrigin.SCHEDULE,
                at);
    }
}
