package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Parameters;

/** A command about one alert. */
abstract class AlertCommand extends EngineCommand {
    static final String NOT_EVALUATED =
            "no live runner evaluates alerts: start one with 'cloacina runner start --alerts', or build one with alerts()";

    @Parameters(paramLabel = "NAME", description = "The name of the alert.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    abstract void run(Engine engine, Alert alert, Output output);

    @Override
    final int run(Engine engine, Output output) {
        run(engine, find(engine, name), output);
        return ExitCode.FINE;
    }

    /** The alert of that name; an error that says which there are if there is none. */
    static Alert find(Engine engine, String name) {
        return engine.alerts()
                .find(name)
                .orElseThrow(() -> Nearest.unknown(
                        "alert",
                        name,
                        engine.alerts().list().stream()
                                .map(each -> each.rule().name())
                                .toList()));
    }

    /** The alert as it is now, as JSON or after that line. */
    static void tell(Engine engine, String name, String line, Output output) {
        if (output.isJson()) {
            output.json(JsonOf.alert(find(engine, name)));
        } else {
            output.line(line);
            if (!engine.alerts().areEvaluated()) {
                output.remark(NOT_EVALUATED);
            }
        }
    }
}
