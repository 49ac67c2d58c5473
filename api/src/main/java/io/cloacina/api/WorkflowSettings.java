package io.cloacina.api;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of a workflow besides its tasks. */
record WorkflowSettings(
        List<Limit> limits,
        List<CronTrigger> schedules,
        List<InputDefinition> inputs,
        boolean refusesUnknownInput,
        InFlight inFlight,
        @Nullable Duration deadline) {
    WorkflowSettings {
        limits = List.copyOf(limits);
        schedules = List.copyOf(schedules);
        inputs = List.copyOf(inputs);
    }
}
