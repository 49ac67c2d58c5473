package io.cloacina.cli;

import io.cloacina.api.TaskStatus;
import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "signal",
        header = "Send an execution a signal, for tasks that wait for it.",
        description = {
            "",
            "Tasks that wait for the signal, now or later, get the value. A name can be sent",
            "once to an execution; with --key, sending it again does nothing."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions signal 3fa94c21 answer --value true",
            "  cloacina executions signal 3fa94c21 answer --value @answer.json --key ada-1",
            "",
            "Exit codes:",
            "  0   it is sent",
            "  3   there is no such execution, or none of its tasks waits for that name",
            "  4   the execution has ended, or already has a signal of that name"
        })
final class ExecutionsSignalCommand extends EngineCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "Its id, or six or more characters of it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Parameters(index = "1", paramLabel = "NAME", description = "The name of the signal.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
            names = "--value",
            paramLabel = "JSON",
            converter = Values.Texts.class,
            description = {"What the tasks get: JSON, @FILE, or @- for stdin.", "Default: null"})
    private @Nullable String value;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = {"An idempotency key: sent again with the same key, it", "does nothing."})
    private @Nullable String key;

    @Override
    int run(Engine engine, Output output) {
        Execution execution = new ExecutionIds(engine).find(id);
        Object sent = Json.value(value, "--value");
        if (key == null) {
            engine.signal(execution.id(), name, sent);
        } else {
            engine.signal(execution.id(), name, sent, key);
        }
        if (output.isJson()) {
            output.json(JsonOf.execution(engine.find(execution.id()).orElseThrow()));
        } else {
            output.line("sent '" + Format.printable(name) + "' to execution " + execution.id());
            remarkOnOthers(engine.tasks(execution.id()), output);
        }
        new Watching(engine, output).warnIfAlone(execution.id());
        return ExitCode.FINE;
    }

    /** A signal may be sent before its task waits for it; but if tasks wait for others, another may have been meant. */
    private void remarkOnOthers(List<TaskExecution> tasks, Output output) {
        Set<String> awaited = new TreeSet<>();
        for (TaskExecution task : tasks) {
            String signal = task.signal();
            if (task.status() == TaskStatus.WAITING && signal != null) {
                awaited.add(Format.printable(signal));
            }
        }
        if (!awaited.isEmpty()) {
            output.remark("tasks of this execution still wait for " + String.join(", ", awaited));
        }
    }
}
