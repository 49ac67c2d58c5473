package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkOperation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "stop",
        header = "Stop an operation: no further execution is changed.",
        description = {"", "What it has done stays. Stopping one that has ended does nothing."},
        footer = {
            "",
            "Examples:",
            "  cloacina operations stop 3fa94c21 --database sqlite:app.db",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such operation"
        })
final class OperationsStopCommand extends EngineCommand {
    @Parameters(paramLabel = "ID", description = "Its id, or six or more characters of it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Override
    int run(Engine engine, Output output) {
        OperationWatch watch = new OperationWatch(engine, output);
        BulkOperation found = watch.find(id);
        engine.operations().stop(found.id());
        if (!output.isJson()) {
            output.lines(watch.lines(engine.operations().find(found.id()).orElseThrow()));
        }
        return watch.now(found.id());
    }
}
