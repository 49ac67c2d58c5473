package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Command;

@Command(
        name = "show",
        header = "Show an alert and its state, without its secret.",
        footer = {
            "",
            "Examples:",
            "  cloacina alerts show failing --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such alert"
        })
final class AlertsShowCommand extends AlertCommand {
    @Override
    void run(Engine engine, Alert alert, Output output) {
        if (output.isJson()) {
            output.json(JsonOf.alert(alert));
            return;
        }
        AlertRule rule = alert.rule();
        output.title("Alert " + rule.name());
        fact(output, "state", AlertsListCommand.state(alert));
        fact(output, "when", JsonOf.condition(rule));
        fact(output, "to", rule.url() + (alert.isSigned() ? ", signed" : ", not signed"));
        fact(output, "firing", output.times().full(alert.firingSince()));
        fact(output, "evaluated", output.times().full(alert.evaluatedAt()));
        fact(output, "delivery", alert.lastDelivery() == null ? "" : "execution " + alert.lastDelivery());
        if (!engine.alerts().areEvaluated()) {
            output.remark(NOT_EVALUATED);
        }
    }

    private static void fact(Output output, String name, String value) {
        output.fact(name, value, 13);
    }
}
