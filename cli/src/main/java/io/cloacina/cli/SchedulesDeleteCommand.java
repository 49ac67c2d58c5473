package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import picocli.CommandLine.Command;

@Command(
        name = "delete",
        header = "Remove a schedule with its history.",
        description = {
            "",
            "What it has submitted stays and goes on. A workflow that brings a schedule along",
            "puts it again when a runner starts: disable it then, instead."
        },
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  cloacina schedules delete nightly --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   it is done",
            "  2   failed; the reason is on stderr",
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
