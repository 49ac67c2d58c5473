package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import io.cloacina.server.json.JsonOf;
import java.util.UUID;
import picocli.CommandLine.Command;

@Command(
        name = "fire",
        header = "Fire a schedule now.",
        description = {
            "",
            "Submits its workflow with its input, and with the present instant as its time,",
            "and prints the id of the execution. Its own times stay as they are; a disabled",
            "schedule can be fired as well."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schedules fire nightly --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such schedule, or its workflow is unknown"
        })
final class SchedulesFireCommand extends ScheduleCommand {
    @Override
    void run(Engine engine, ScheduleState state, Output output) {
        UUID id = engine.schedules().fire(state.schedule().name());
        if (output.isJson()) {
            output.json(JsonOf.execution(engine.find(id).orElseThrow()));
        } else {
            output.line(id.toString());
        }
    }
}
