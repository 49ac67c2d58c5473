package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.claim.Inputs;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.write.DueSchedules;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.model.Schedule;
import java.time.Instant;

/** Checks the inputs of schedules before they are stored. Every error names the schedule. */
final class ScheduleInputs {
    private ScheduleInputs() {}

    /**
     * The input of a schedule as JSON.
     *
     * @throws CloacinaException if it cannot be JSON, is too large, or its executions would be refused
     */
    static ObjectNode checked(Schedule schedule, Workflow workflow, Settings settings) {
        ObjectNode input =
                JsonContext.object(settings.json(), schedule.input(), where(schedule), settings.maxContextBytes());
        ObjectNode submitted = DueSchedules.input(input, schedule.name(), Instant.EPOCH);
        try {
            Inputs.check(workflow.stored(), submitted, Inputs.OF_SCHEDULES);
            LimitKeys.require(workflow, submitted);
        } catch (CloacinaException e) {
            throw new CloacinaException(
                    e.code(), "schedule " + Arguments.shown(schedule.name()) + ": " + e.getMessage(), e);
        }
        return input;
    }

    static String where(Schedule schedule) {
        return "the input of schedule '" + schedule.name() + "'";
    }
}
