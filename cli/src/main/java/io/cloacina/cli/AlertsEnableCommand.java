package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import picocli.CommandLine.Command;

@Command(
        name = "enable",
        header = "Enable an alert from now on.",
        description = {"", "It does not fire at first; earlier ends of executions are not reported."},
        footer = {
            "",
            "Examples:",
            "  cloacina alerts enable failing --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such alert"
        })
final class AlertsEnableCommand extends AlertCommand {
    @Override
    void run(Engine engine, Alert alert, Output output) {
        String name = alert.rule().name();
        engine.alerts().enable(name);
        tell(engine, name, "enabled alert " + Format.printable(name), output);
    }
}
