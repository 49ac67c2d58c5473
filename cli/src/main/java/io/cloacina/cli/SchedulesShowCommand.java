package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        header = "Show a schedule: when it fires, and with which input.",
        description = {"", "Prints times in the time zone of this machine, whatever the schedule's is."},
        footer = {
            "",
            "Examples:",
            "  cloacina schedules show nightly --database sqlite:app.db",
            "  cloacina schedules show nightly --json | jq .input",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such schedule"
        })
final class SchedulesShowCommand extends ScheduleCommand {
    @Override
    void run(Engine engine, ScheduleState state, Output output) {
        show(state, output);
    }

    static void show(ScheduleState state, Output output) {
        if (output.isJson()) {
            output.json(JsonOf.schedule(state));
            return;
        }
        Schedule schedule = state.schedule();
        output.title("Schedule " + schedule.name());
        fact(output, "workflow", schedule.workflow());
        fact(output, "cron", schedule.cron() + " in " + schedule.zone());
        fact(output, "next", SchedulesListCommand.next(state, output));
        fact(output, "last", output.times().full(state.lastAt()));
        fact(output, "from", output.times().full(schedule.start().orElse(null)));
        fact(output, "until", output.times().full(schedule.end().orElse(null)));
        fact(output, "missed", missed(schedule));
        fact(
                output,
                "input",
                schedule.input().isEmpty() ? "" : JsonOf.input(schedule).toString());
    }

    private static String missed(Schedule schedule) {
        String age = Format.duration(schedule.catchUp().maxAge());
        return switch (schedule.catchUp().policy()) {
            case SKIP -> "times that were missed are dropped";
            case RUN_ONCE -> "one run for all times that were missed in the last " + age;
            case RUN_ALL ->
                "a run for each time that was missed in the last " + age + ", at most the latest "
                        + schedule.catchUp().atMost();
        };
    }

    private static void fact(Output output, String name, String value) {
        output.fact(name, value, 12);
    }
}
