package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Command;

@Command(
        name = "enable",
        header = "Enable a schedule from now on.",
        description = {"", "Times that passed while it was disabled do not fire. Does nothing if it is enabled."},
        footer = {
            "",
            "Examples:",
            "  cloacina schedules enable nightly --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such schedule"
        })
final class SchedulesEnableCommand extends ScheduleCommand {
    @Override
    void run(Engine engine, ScheduleState state, Output output) {
        String name = state.schedule().name();
        engine.schedules().enable(name);
        ScheduleState now = engine.schedules().find(name).orElse(state);
        if (output.isJson()) {
            output.json(JsonOf.schedule(now));
        } else {
            output.line(
                    "enabled schedule " + Format.printable(name) + "; next: " + SchedulesListCommand.next(now, output));
        }
    }
}
