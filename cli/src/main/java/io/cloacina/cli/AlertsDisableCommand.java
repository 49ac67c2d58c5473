package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import picocli.CommandLine.Command;

@Command(
        name = "disable",
        header = "Disable an alert.",
        description = {"", "If it is firing, it stops without a message."},
        footer = {
            "",
            "Examples:",
            "  cloacina alerts disable failing --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such alert"
        })
final class AlertsDisableCommand extends AlertCommand {
    @Override
    void run(Engine engine, Alert alert, Output output) {
        String name = alert.rule().name();
        engine.alerts().disable(name);
        tell(engine, name, "disabled alert " + Format.printable(name), output);
    }
}
