package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Occurrence;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "history",
        header = "List when a schedule fired, and how its executions ended.",
        description = {"", "Prints the latest first, as far as the executions are kept."},
        footer = {
            "",
            "Examples:",
            "  cloacina schedules history nightly --database sqlite:app.db",
            "  cloacina schedules history nightly -n 1 --json | jq -r '.[].execution'",
            "",
            "Exit codes:",
            "  0   success, also when it has not fired yet",
            "  3   there is no such schedule"
        })
final class SchedulesHistoryCommand extends ScheduleCommand {
    @Mixin
    private final LimitOption limit = new LimitOption();

    @Override
    void run(Engine engine, ScheduleState state, Output output) {
        List<Occurrence> all = engine.schedules().history(state.schedule().name(), limit.limit());
        if (output.isJson()) {
            output.json(Json.array(all, JsonOf::occurrence));
        } else if (all.isEmpty()) {
            output.remark("it has not fired yet");
        } else {
            Table table = new Table(
                    Table.whole("Scheduled"), Table.number("Late"), Table.state("Status"), Table.whole("Execution"));
            all.forEach(each -> table.row(
                    output.times().full(each.scheduledAt()),
                    Format.duration(Duration.between(each.scheduledAt(), each.firedAt())),
                    each.status().label(),
                    output.id(each.executionId())));
            output.table(table);
        }
    }
}
