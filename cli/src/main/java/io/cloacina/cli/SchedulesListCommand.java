package io.cloacina.cli;

import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        header = "List all schedules, by name.",
        description = {"", "Prints when each fires next, in the time zone of this machine."},
        footer = {
            "",
            "Examples:",
            "  cloacina schedules list --database sqlite:app.db",
            "  cloacina schedules list --json | jq -r '.[] | select(.enabled) | .name'",
            "",
            "Exit codes:",
            "  0   success, also when there are none"
        })
final class SchedulesListCommand extends EngineCommand {
    @Override
    int run(Engine engine, Output output) {
        List<ScheduleState> all = engine.schedules().list();
        if (output.isJson()) {
            output.json(Json.array(all, JsonOf::schedule));
        } else if (all.isEmpty()) {
            output.remark("no schedules");
        } else {
            Table table = new Table(
                    Table.name("Name"),
                    Table.whole("Next (" + output.times().clock().getZone().getId() + ")"),
                    Table.text("Cron"),
                    Table.text("Zone"),
                    Table.name("Workflow"));
            all.forEach(state -> table.row(
                    state.schedule().name(),
                    next(state, output),
                    state.schedule().cron(),
                    state.schedule().zone().getId(),
                    state.schedule().workflow()));
            output.table(table);
        }
        return ExitCode.FINE;
    }

    static String next(ScheduleState state, Output output) {
        if (!state.isEnabled()) {
            return "disabled";
        }
        return state.nextAt() == null ? "ended" : output.times().full(state.nextAt());
    }
}
