package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "list",
        header = "List alerts, by name, with their states.",
        footer = {
            "",
            "Examples:",
            "  cloacina alerts list --database sqlite:app.db",
            "  cloacina alerts list --json | jq -r '.[] | select(.firing_since) | .name'",
            "",
            "Exit codes:",
            "  0   success, also when there are none"
        })
final class AlertsListCommand extends EngineCommand {
    @Override
    int run(Engine engine, Output output) {
        List<Alert> all = engine.alerts().list();
        if (output.isJson()) {
            output.json(Json.array(all, JsonOf::alert));
        } else if (all.isEmpty()) {
            output.remark("no alerts");
        } else {
            Table table = new Table(Table.name("Name"), Table.whole("State"), Table.text("When"), Table.text("To"));
            all.forEach(alert -> table.row(
                    Format.printable(alert.rule().name()),
                    state(alert),
                    Format.printable(JsonOf.condition(alert.rule())),
                    Format.printable(alert.rule().url().getHost())));
            output.table(table);
            if (!engine.alerts().areEvaluated()) {
                output.remark(AlertCommand.NOT_EVALUATED);
            }
        }
        return ExitCode.FINE;
    }

    static String state(Alert alert) {
        return !alert.isEnabled() ? "disabled" : alert.isFiring() ? "firing" : "quiet";
    }
}
