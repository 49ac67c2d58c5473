package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.Restart;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "restart",
        header = "Restart executions that have ended, as new executions.",
        description = {
            "",
            "Submits its workflow again, in the version that 'run' would use, and prints the",
            "id of the new execution. With --from, tasks that are neither that one nor after it",
            "keep their states and their outputs."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions restart 3fa94c21 --database sqlite:app.db",
            "  cloacina executions restart 3fa94c21 --from ship --input @order.json",
            "  cloacina executions restart --workflow order --status cancelled --since 2h",
            "",
            "Exit codes:",
            "  0   success",
            "  2   failed, or --yes is missing; the reason is on stderr",
            "  3   there is no such execution, workflow or task",
            "  4   it has not ended, or cannot begin with that task"
        })
final class ExecutionsRestartCommand extends EngineCommand {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "Its id, or six or more characters of it.")
    private @Nullable String id;

    @Mixin
    private final BulkOptions bulk = new BulkOptions();

    private boolean isSearch;

    @Option(
            names = "--from",
            paramLabel = "TASK",
            description = {"The task to begin with.", "Default: all tasks"})
    private @Nullable String task;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "JSON",
            converter = Values.Texts.class,
            description = {"Another input, an object: JSON, @FILE or @- (stdin).", "Default: the same"})
    private @Nullable String input;

    @Override
    void check() {
        isSearch = bulk.isMeant(id == null ? List.of() : List.of(id), spec());
        if (isSearch && input != null) {
            throw new ParameterException(
                    spec().commandLine(), "--input is for one execution: a search restarts with the same inputs");
        }
    }

    @Override
    int run(Engine engine, Output output) {
        if (isSearch || id == null) {
            return bulk.run(engine, output, task == null ? BulkAction.restart() : BulkAction.restartFrom(task));
        }
        Restart restart = Restart.of(new ExecutionIds(engine).find(id).id());
        if (task != null) {
            restart = restart.from(task);
        }
        if (input != null) {
            restart = restart.input(Json.object(input, "--input"));
        }
        UUID fresh = engine.restart(restart);
        if (output.isJson()) {
            output.json(JsonOf.execution(engine.find(fresh).orElseThrow()));
        } else {
            output.line(fresh.toString());
        }
        new Watching(engine, output).warnIfAlone(fresh);
        return ExitCode.FINE;
    }
}
