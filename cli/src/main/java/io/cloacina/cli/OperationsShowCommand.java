package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkOperation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        header = "Show an operation: its progress, and what was skipped or failed.",
        description = {"", "With --watch it is shown until it has ended."},
        footer = {
            "",
            "Examples:",
            "  cloacina operations show 3fa94c21 --database sqlite:app.db",
            "  cloacina operations show 3fa94c21 --watch",
            "",
            "Exit codes:",
            "  0   success",
            "  1   --watch: executions failed in it, or it was stopped",
            "  3   there is no such operation"
        })
final class OperationsShowCommand extends EngineCommand {
    @Parameters(paramLabel = "ID", description = "Its id, or six or more characters of it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Option(names = "--watch", description = "Show it until it has ended.")
    private boolean isWatching;

    @Override
    int run(Engine engine, Output output) {
        OperationWatch watch = new OperationWatch(engine, output);
        BulkOperation found = watch.find(id);
        if (isWatching) {
            return watch.toEnd(found.id());
        }
        if (!output.isJson()) {
            output.lines(watch.lines(found));
        }
        return watch.now(found.id());
    }
}
