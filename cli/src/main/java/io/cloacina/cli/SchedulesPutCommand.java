package io.cloacina.cli;

import io.cloacina.api.CatchUpPolicy;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.Schedule;
import io.cloacina.server.json.Json;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        header = "Store a schedule, or change the one of that name.",
        description = {
            "",
            "Options that are left out get their defaults, whatever the schedule had before.",
            "The workflow must be one that a runner has stored, or that --jar or --trust loads.",
            "",
            "Fields of EXPRESSION: minute, hour, day of month, month, day of week; with six,",
            "the second comes first. Each is *, values, ranges (9-17), steps (*/15) and",
            "lists; L is the last day, MON#2 the second Monday, FRIL the last Friday."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schedules put nightly --workflow report --cron \"0 2 * * *\" \\",
            "      --zone Europe/Berlin --input '{\"format\": \"pdf\"}'",
            "  cloacina schedules put poll --workflow poll --cron \"*/30 * * * * *\" \\",
            "      --catch-up skip",
            "",
            "Exit codes:",
            "  0   it is stored",
            "  3   there is no such workflow"
        })
final class SchedulesPutCommand extends EngineCommand {
    @Parameters(paramLabel = "NAME", description = "The name of the schedule.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
            names = "--workflow",
            required = true,
            paramLabel = "WORKFLOW",
            description = "The workflow that it submits.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private String workflow;

    @Option(names = "--cron", required = true, paramLabel = "EXPRESSION", description = "When it fires: see above.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private String cron;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            defaultValue = "UTC",
            description = {"Its time zone, such as Europe/Berlin.", "Default: ${DEFAULT-VALUE}"})
    @SuppressWarnings("NullAway.Init") // has a default
    private String zone;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "JSON",
            defaultValue = "{}",
            converter = Values.Texts.class,
            description = {"The input of each execution: JSON, @FILE, or @-.", "Default: none"})
    @SuppressWarnings("NullAway.Init") // has a default
    private String input;

    @Option(
            names = "--catch-up",
            paramLabel = "HOW",
            defaultValue = "once",
            converter = Values.CatchUps.class,
            description = {
                "Which times run later if no runner was there to",
                "fire them: skip (none), once (one for all) or all.",
                "Default: ${DEFAULT-VALUE}"
            })
    @SuppressWarnings("NullAway.Init") // has a default
    private CatchUpPolicy catchUp;

    @Option(
            names = "--catch-up-limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "With all: at most the latest N. Default: ${DEFAULT-VALUE}")
    private int catchUpLimit;

    @Option(
            names = "--catch-up-age",
            paramLabel = "TIME",
            defaultValue = "3650d",
            converter = Values.Spans.class,
            description = "The maximum age of these. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init") // has a default
    private Duration catchUpAge;

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            converter = Values.Instants.class,
            description = {
                "Does not fire before: 2026-03-01T17:05, in the zone",
                "of this machine, or with Z or an offset."
            })
    private @Nullable Instant from;

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            converter = Values.Instants.class,
            description = "Does not fire at or after this time.")
    private @Nullable Instant until;

    @Mixin
    private final WorkflowOptions workflows = new WorkflowOptions();

    @Override
    Engine open(EngineBuilder builder) {
        return workflows.addTo(builder).client().start();
    }

    @Override
    int run(Engine engine, Output output) {
        WorkflowOptions.requireStored(engine, workflow);
        Schedule schedule = Schedule.of(name, workflow)
                .cron(cron)
                .zone(zone)
                .catchUp(catchUp())
                .between(from, until)
                .input(Json.object(input, "--input"));
        SchedulesShowCommand.show(engine.schedules().put(schedule), output);
        return ExitCode.FINE;
    }

    private CatchUp catchUp() {
        return switch (catchUp) {
            case SKIP -> CatchUp.skip();
            case RUN_ONCE -> CatchUp.runOnce(catchUpAge);
            case RUN_ALL -> CatchUp.runAll(catchUpLimit, catchUpAge);
        };
    }
}
