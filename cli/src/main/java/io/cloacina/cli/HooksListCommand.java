package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Hook;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        header = "List webhooks, by name, without their secrets.",
        footer = {
            "",
            "Examples:",
            "  cloacina hooks list --database sqlite:app.db",
            "  cloacina hooks list --json | jq -r '.[].name'",
            "",
            "Exit codes:",
            "  0   success, also when there are none"
        })
final class HooksListCommand extends EngineCommand {
    @Override
    int run(Engine engine, Output output) {
        List<Hook> all = engine.hooks().list();
        if (output.isJson()) {
            output.json(Json.array(all, JsonOf::hook));
        } else if (all.isEmpty()) {
            output.remark("no hooks");
        } else {
            Table table =
                    new Table(Table.name("Name"), Table.name("Workflow"), Table.text("Signature"), Table.text("Input"));
            all.forEach(hook -> table.row(
                    Format.printable(hook.name()),
                    Format.printable(hook.workflow()),
                    hook.signature().label(),
                    hook.input().entrySet().stream()
                            .map(each -> Format.printable(each.getKey() + "=" + each.getValue()))
                            .collect(Collectors.joining(" "))));
            output.table(table);
        }
        return ExitCode.FINE;
    }
}
