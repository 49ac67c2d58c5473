package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Hook;
import io.cloacina.server.json.JsonOf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        header = "Delete a webhook.",
        description = {"", "Its deliveries are refused from now on; what it submitted stays."},
        footer = {
            "",
            "Examples:",
            "  cloacina hooks delete shop --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such hook"
        })
final class HooksDeleteCommand extends EngineCommand {
    @Parameters(paramLabel = "NAME", description = "The name of the hook.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Override
    int run(Engine engine, Output output) {
        Hook hook = engine.hooks()
                .find(name)
                .orElseThrow(() -> Nearest.unknown(
                        "hook",
                        name,
                        engine.hooks().list().stream().map(Hook::name).toList()));
        engine.hooks().delete(name);
        if (output.isJson()) {
            output.json(JsonOf.hook(hook));
        } else {
            output.line("deleted hook " + Format.printable(name));
        }
        return ExitCode.FINE;
    }
}
