package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.engine.model.ScheduleStatistics;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Command;

@Command(
        name = "statistics",
        header = "Count how often a schedule fired, and how its executions ended.",
        description = {"", "Counts the occurrences whose executions are kept, the latest 1,000 of them."},
        footer = {
            "",
            "Examples:",
            "  cloacina schedules statistics nightly --database sqlite:app.db",
            "  cloacina schedules statistics nightly --json | jq .failed",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such schedule"
        })
final class SchedulesStatisticsCommand extends ScheduleCommand {
    @Override
    void run(Engine engine, ScheduleState state, Output output) {
        ScheduleStatistics counts =
                engine.schedules().statistics(state.schedule().name());
        if (output.isJson()) {
            output.json(JsonOf.statistics(counts));
            return;
        }
        Table table = new Table(
                Table.number("Occurrences"),
                Table.number("Completed"),
                Table.number("Failed"),
                Table.number("Cancelled"),
                Table.number("Unfinished"));
        table.row(
                Format.count(counts.occurrences()),
                Format.count(counts.completed()),
                Format.count(counts.failed()),
                Format.count(counts.cancelled()),
                Format.count(counts.unfinished()));
        output.table(table);
    }
}
