package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Command;

@Command(
        name = "disable",
        header = "Disable a schedule until it is enabled again.",
        description = {"", "Its executions continue."},
        footer = {
            "",
            "Examples:",
            "  cloacina schedules disable nightly --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such schedule"
        })
final class SchedulesDisableCommand extends ScheduleCommand {
    @Override
    void run(Engine engine, ScheduleState state, Output output) {
        String name = state.schedule().name();
        engine.schedules().disable(name);
        if (output.isJson()) {
            output.json(JsonOf.schedule(engine.schedules().find(name).orElse(state)));
        } else {
            output.line("disabled schedule " + Format.printable(name));
        }
    }
}
