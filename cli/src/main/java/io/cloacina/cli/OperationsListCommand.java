package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.ArrayList;
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
    private static final int WIDTH_WITH_ALL = 76;

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
            output.table(table(operations, output));
        }
        return ExitCode.FINE;
    }

    private static Table table(List<BulkOperation> operations, Output output) {
        // 'operations show' has also what there is no room for here.
        boolean isWide = output.screen().width() >= WIDTH_WITH_ALL;
        List<Table.Column> columns =
                new ArrayList<>(List.of(Table.whole("Id"), Table.state("State"), Table.number("Done")));
        if (isWide) {
            columns.add(Table.number("Skipped"));
        }
        columns.addAll(List.of(Table.number("Failed"), Table.text("Action"), Table.whole("Began")));
        if (isWide) {
            columns.add(Table.name("By"));
        }
        columns.add(Table.note("Which"));
        Table table = new Table(columns.toArray(Table.Column[]::new));
        for (BulkOperation each : operations) {
            List<String> cells =
                    new ArrayList<>(List.of(output.id(each.id()), each.state().label(), Format.count(each.done())));
            if (isWide) {
                cells.add(Format.count(each.skipped()));
            }
            cells.add(Format.count(each.failed()));
            cells.add(each.action().kind().label());
            cells.add(output.times().of(each.createdAt()));
            if (isWide) {
                cells.add(Format.printable(Objects.requireNonNullElse(each.requestedBy(), "")));
            }
            cells.add(Format.printable(each.query()));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }
}
