package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Command;

@Command(
        name = "delete",
        header = "Delete an alert.",
        description = {"", "Messages that are still to be delivered fail."},
        footer = {
            "",
            "Examples:",
            "  cloacina alerts delete failing --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such alert"
        })
final class AlertsDeleteCommand extends AlertCommand {
    @Override
    void run(Engine engine, Alert alert, Output output) {
        engine.alerts().delete(alert.rule().name());
        if (output.isJson()) {
            output.json(JsonOf.alert(alert));
        } else {
            output.line("deleted alert " + Format.printable(alert.rule().name()));
        }
    }
}
