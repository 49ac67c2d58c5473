package io.cloacina.cli;

import io.cloacina.cli.view.Reasons;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.FailureGroup;
import io.cloacina.engine.model.Failures;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "failures",
        header = "Count failed executions by error.",
        description = {
            "",
            "An error is the first line of what a failed task threw. The id is that of the",
            "newest execution that failed with it."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions failures --database sqlite:app.db",
            "  cloacina executions failures --since 02:00",
            "  cloacina executions failures --since 7d --json",
            "",
            "Exit codes:",
            "  0   success, also when there are none"
        })
final class ExecutionsFailuresCommand extends EngineCommand {
    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Values.PastInstants.class,
            description = {
                "Only those that ended since then: 2h or 3d ago, 02:00",
                "(the last one), 2026-03-01 or 2026-03-01T17:05.",
                "Default: 24h"
            })
    private @Nullable Instant since;

    @Override
    int run(Engine engine, Output output) {
        Failures failures =
                engine.failures(since != null ? since : Instant.now().minus(Duration.ofDays(1)));
        if (output.isJson()) {
            output.json(Json.array(failures.groups(), JsonOf::failures));
        } else if (failures.groups().isEmpty()) {
            output.remark("no failures");
        } else {
            Table table = new Table(
                    Table.number("Count"),
                    Table.whole("Id"),
                    Table.whole("Last"),
                    Table.name("Task"),
                    Table.text("Error"),
                    Table.name("Workflow"));
            for (FailureGroup group : failures.groups()) {
                table.row(
                        String.valueOf(group.executions()),
                        output.id(group.example()),
                        output.times().of(group.lastAt()),
                        String.join(", ", group.tasks()),
                        Reasons.firstLine(group.error()),
                        String.join(", ", group.workflows()));
            }
            output.table(table);
        }
        if (failures.isCutShort()) {
            output.remark("not all failed executions were examined: those that were submitted long ago were not");
        }
        return ExitCode.FINE;
    }
}
