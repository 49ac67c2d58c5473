package io.cloacina.cli;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(
        name = "start",
        header = "Run workflows until this process is stopped.",
        description = {
            "",
            "Migrates the tables if necessary, takes a lease, recovers tasks of dead runners,",
            "and runs tasks. Prints a line for each execution that ends. Ctrl-C or SIGTERM",
            "stops it: it claims no more tasks, lets running ones end within --grace, and",
            "releases the others, which another runner takes."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina runner start --jar invoices.jar --database sqlite:app.db",
            "  cloacina runner start --trust acme.pub -v",
            "  cloacina runner start --trust-any --json | jq -c 'select(.status == \"Failed\")'",
            "",
            "Exit codes:",
            "  2        failed; the reason is on stderr",
            "  130, 143 it was stopped by ctrl-C, or by SIGTERM"
        })
final class RunnerStartCommand extends EngineCommand {
    @Option(
            names = "--slots",
            paramLabel = "N",
            description = {"How many tasks run at once. Default: 8 for each", "processor, at least 32"})
    private @Nullable Integer slots;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Values.Spans.class,
            description = {"How long running tasks have to end after a stop.", "Default: ${DEFAULT-VALUE}"})
    @SuppressWarnings("NullAway.Init") // has a default
    private Duration grace;

    @Option(
            names = {"-v", "--tasks"},
            description = "Print a line for each event of a task, too.")
    private boolean saysTasks;

    @Option(
            names = "--alerts",
            description = {"Evaluate the alerts of the database, and send their", "messages ('cloacina alerts')."})
    private boolean alerts;

    @Mixin
    private final WorkflowOptions workflows = new WorkflowOptions();

    @Override
    void check() {
        if (workflows.isNone() && !alerts) {
            throw new ParameterException(
                    spec().commandLine(),
                    "there is nothing to run: give --jar FILE, --trust KEYFILE or --trust-any for packages,"
                            + " or --alerts");
        }
    }

    @Override
    EngineBuilder begin(DatabaseOption given) {
        return Engine.builder(given.url());
    }

    @Override
    Engine open(EngineBuilder given) {
        EngineBuilder builder = workflows
                .addTo(given)
                .grace(grace)
                .listener(new EventLines(new Output(spec().commandLine(), isJson()), saysTasks));
        if (alerts) {
            builder.alerts();
        }
        return (slots == null ? builder : builder.slots(slots)).start();
    }

    @Override
    int run(Engine engine, Output output) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(engine, output, stopped), "cloacina-stop"));
        List<String> names =
                engine.workflows().stream().map(WorkflowDefinition::name).toList();
        output.remark("running in process " + ProcessHandle.current().pid()
                + (names.isEmpty() ? ", no workflow yet" : ": " + Format.printable(String.join(", ", names))));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.FINE;
    }

    /** In the thread that the JVM starts when it is told to end; it ends when this returns. */
    private void stop(Engine engine, Output output, CountDownLatch stopped) {
        output.remark("stopping: tasks have " + Format.duration(grace) + " to end");
        engine.close();
        output.remark("stopped; unfinished executions continue with the next runner");
        stopped.countDown();
    }
}
