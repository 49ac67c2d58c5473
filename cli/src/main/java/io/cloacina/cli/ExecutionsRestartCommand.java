package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Restart;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restart",
        header = "Begin an execution anew that has ended, as a new one.",
        description = {
            "",
            "Submits its workflow again, in the version that 'run' would take, and prints the",
            "id of the new execution. With --from, tasks that are neither that one nor after it",
            "keep how they ended and what they wrote."
        },
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  cloacina executions restart 3fa94c21 --database sqlite:app.db",
            "  cloacina executions restart 3fa94c21 --from ship --input @order.json",
            "",
            "Exit codes:",
            "  0   success",
            "  2   failed; the reason is on stderr",
            "  3   there is no such execution, workflow or task",
            "  4   it has not ended, or cannot begin with that task"
        })
final class ExecutionsRestartCommand extends EngineCommand {
    @Parameters(paramLabel = "ID", description = "Its id, or six or more characters of it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Option(
            names = "--from",
            paramLabel = "TASK",
            description = {"The task to begin with.", "Default: all tasks"})
    private @Nullable String task;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "JSON",
            converter = Values.Texts.class,
            description = {"Another input, an object: JSON, @FILE, or @- for stdin.", "Default: the same"})
    private @Nullable String input;

    @Override
    int run(Engine engine, Output output) {
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
