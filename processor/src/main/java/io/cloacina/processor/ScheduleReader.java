package io.cloacina.processor;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.annotation.Scheduled;
import io.cloacina.cron.CronExpression;
import io.cloacina.cron.Zones;
import java.util.List;
import javax.lang.model.element.TypeElement;

/** Reads when a workflow runs by the clock, by the same rules as the engine. */
final class ScheduleReader {
    private final Reporter reporter;
    private final Settings settings;

    ScheduleReader(Reporter reporter, Settings settings) {
        this.reporter = reporter;
        this.settings = settings;
    }

    /** The schedules of a class, as calls of the builder. */
    List<String> read(TypeElement type, String workflow) {
        return Mirror.all(type, Scheduled.class, Scheduled.All.class).stream()
                .map(schedule -> call(schedule, workflow))
                .toList();
    }

    private String call(Mirror schedule, String workflow) {
        check(schedule, "cron", () -> CronExpression.parse(schedule.text("cron")));
        if (schedule.says("zone")) {
            check(schedule, "zone", () -> Zones.named(schedule.text("zone")));
        }
        String name = schedule.says("name")
                ? settings.name(
                        "the name of the schedule", schedule.text("name"), Spelling.MAX_LENGTH, schedule.place("name"))
                : settings.quoted(workflow);
        return ".schedule(" + name + ", " + settings.quoted(schedule.text("cron")) + ", "
                + settings.quoted(schedule.text("zone")) + ")";
    }

    private void check(Mirror schedule, String key, Runnable reading) {
        try {
            reading.run();
        } catch (CloacinaException e) {
            reporter.report(Message.BAD_CRON, schedule.place(key), String.valueOf(e.getMessage()));
        }
    }
}
