package io.cloacina.cli;

import io.cloacina.cli.view.Panel;
import io.cloacina.cli.view.StatusLines;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Status;
import io.cloacina.server.json.StatusJson;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(
        name = "status",
        header = "Show runners, tasks and schedules, and the problems that need attention.",
        description = {
            "",
            "Prints the problems first, each with what to do, then runners, ready and waiting",
            "tasks, full limits, and how executions ended recently. It reads a bounded number",
            "of rows: a number with a + is a lower bound.",
            "docs/how-to/at-3-am.md explains what it prints."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina status --database sqlite:app.db",
            "  cloacina status --watch",
            "  cloacina status --json | jq -r '.problems[].code'",
            "",
            "Exit codes:",
            "  0   there are no problems",
            "  1   there are problems"
        })
final class StatusCommand extends EngineCommand {
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(2);

    @Option(names = "--watch", description = "Show it again every two seconds, until ctrl-C.")
    private boolean isWatching;

    @Override
    void check() {
        if (isWatching && isJson()) {
            throw new ParameterException(spec().commandLine(), "--watch cannot be combined with --json");
        }
    }

    @Override
    int run(Engine engine, Output output) {
        StatusLines lines = new StatusLines(output.screen(), output.times());
        Panel panel = new Panel(output.screen());
        Status status = engine.status();
        Outage outage = new Outage(output, isWatching);
        while (isWatching && !Thread.currentThread().isInterrupted()) {
            panel.show(lines.of(status));
            LockSupport.parkNanos(BETWEEN_LOOKS);
            status = outage.read(engine::status).orElse(status);
        }
        if (output.isJson()) {
            output.json(StatusJson.of(status));
        } else if (!isWatching) {
            output.lines(lines.of(status));
        }
        return status.isHealthy() ? ExitCode.FINE : ExitCode.FOUND_FAULTS;
    }
}
