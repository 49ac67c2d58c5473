package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Command;

@Command(
        name = "delete",
        header = "Remove a schedule with its history.",
        description = {
            "",
            "Its executions stay and continue. If the workflow itself declares the schedule,",
            "the next runner that starts stores it again: disable it instead."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schedules delete nightly --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such schedule"
        })
final class SchedulesDeleteCommand extends ScheduleCommand {
    @Override
    void run(Engine engine, ScheduleState state, Output output) {
        engine.schedules().delete(state.schedule().name());
        if (output.isJson()) {
            output.json(JsonOf.schedule(state));
        } else {
            output.line("deleted schedule " + Format.printable(state.schedule().name()));
        }
    }
}
