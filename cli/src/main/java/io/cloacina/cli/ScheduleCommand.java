package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.ScheduleState;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A command about one schedule. */
abstract class ScheduleCommand extends EngineCommand {
    @Parameters(paramLabel = "NAME", description = "The name of the schedule.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Override
    final int run(Engine engine, Output output) {
        ScheduleState state = engine.schedules().find(name).orElseThrow(() -> {
            List<String> known = engine.schedules().list().stream()
                    .map(each -> each.schedule().name())
                    .toList();
            return Nearest.unknown("schedule", name, known);
        });
        run(engine, state, output);
        return ExitCode.FINE;
    }

    /** Does it. */
    abstract void run(Engine engine, ScheduleState state, Output output);
}
