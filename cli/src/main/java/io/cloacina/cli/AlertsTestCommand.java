package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import io.cloacina.server.json.Json;
import java.util.UUID;
import picocli.CommandLine.Command;

@Command(
        name = "test",
        header = "Send a test message of an alert.",
        description = {"", "Prints the execution that delivers it; its result shows whether it arrived."},
        footer = {
            "",
            "Examples:",
            "  cloacina alerts test failing --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such alert"
        })
final class AlertsTestCommand extends AlertCommand {
    @Override
    void run(Engine engine, Alert alert, Output output) {
        UUID id = engine.alerts().test(alert.rule().name());
        if (output.isJson()) {
            output.json(Json.fields().put("execution", id.toString()));
        } else {
            output.line("execution " + id + " sends a test of alert "
                    + Format.printable(alert.rule().name()));
            if (!engine.alerts().areEvaluated()) {
                output.remark(NOT_EVALUATED);
            }
        }
    }
}
