package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Runner;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        header = "List the processes that run workflows on the database.",
        description = {
            "",
            "A runner whose lease is over is dead or cut off; others take its tasks. Leases",
            "are measured by the clock of the database."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina runner list --database sqlite:app.db",
            "  cloacina runner list --json | jq -r '.[].workflows[]' | sort -u",
            "",
            "Exit codes:",
            "  0   success, also when there are none"
        })
final class RunnerListCommand extends EngineCommand {
    @Override
    int run(Engine engine, Output output) {
        List<Runner> all = engine.runners();
        if (output.isJson()) {
            output.json(Json.array(all, JsonOf::runner));
        } else if (all.isEmpty()) {
            output.remark("no runners");
        } else {
            Table table = new Table(
                    Table.name("Host"),
                    Table.number("Pid"),
                    Table.whole("Since"),
                    Table.whole("Lease"),
                    Table.text("Workflows"));
            Instant now = output.times().clock().instant();
            all.forEach(runner -> table.row(
                    runner.host(),
                    String.valueOf(runner.pid()),
                    output.times().full(runner.startedAt()),
                    runner.isAlive() ? Format.duration(Duration.between(now, runner.leaseUntil())) : "over",
                    String.join(" ", runner.workflows())));
            output.table(table);
        }
        return ExitCode.FINE;
    }
}
