package io.cloacina.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.server.json.Json;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "next",
        header = "List when a schedule fires next.",
        description = {
            "",
            "Prints fewer times than --limit if the schedule ends before, and none if it is",
            "disabled. A first time in the past is due: a runner that starts fires it, or",
            "the latest one that was missed, as the schedule specifies."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schedules next nightly --database sqlite:app.db",
            "  cloacina schedules next nightly -n 100 --json",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such schedule"
        })
final class SchedulesNextCommand extends ScheduleCommand {
    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "5",
            description = "At most this many. Default: ${DEFAULT-VALUE}")
    private int limit;

    @Override
    void run(Engine engine, ScheduleState state, Output output) {
        List<Instant> times = engine.schedules().next(state.schedule().name(), limit);
        if (output.isJson()) {
            output.json(Json.array(times, at -> TextNode.valueOf(at.toString())));
        } else if (times.isEmpty()) {
            output.remark(state.isEnabled() ? "it has ended" : "it is disabled");
        } else {
            times.forEach(at -> output.line(output.times().full(at)));
        }
    }
}
