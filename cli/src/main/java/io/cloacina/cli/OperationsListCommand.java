package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list",
        header = "List operations, newest first.",
        description = {"", "Ended operations are kept as long as ended executions."},
        footer = {
            "",
            "Examples:",
            "  cloacina operations list --database sqlite:app.db",
            "  cloacina operations list --json | jq '.[] | select(.state == \"Running\")'",
            "",
            "Exit codes:",
            "  0   success, also when there are none"
        })
final class OperationsListCommand extends EngineCommand {
    @Mixin
    private final LimitOption limit = new LimitOption();

    @Override
    int run(Engine engine, Output output) {
        List<BulkOperation> operations = engine.operations().list(limit.limit());
        if (output.isJson()) {
            output.json(Json.array(operations, JsonOf::operation));
        } else if (operations.isEmpty()) {
            output.remark("no operations");
        } else {
            Table table = new Table(
                    Table.whole("Id"),
                    Table.state("State"),
                    Table.number("Done"),
                    Table.number("Skipped"),
                    Table.number("Failed"),
                    Table.text("Action"),
                    Table.whole("Began"),
                    Table.name("By"),
                    Table.note("Which"));
            operations.forEach(each -> table.row(
                    output.id(each.id()),
                    each.state().label(),
                    Format.count(each.done()),
                    Format.count(each.skipped()),
                    Format.count(each.failed()),
                    each.action().kind().label(),
                    output.times().of(each.createdAt()),
                    Format.printable(Objects.requireNonNullElse(each.requestedBy(), "")),
                    Format.printable(each.query())));
            output.table(table);
        }
        return ExitCode.FINE;
    }
}
