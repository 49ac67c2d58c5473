package io.cloacina.cli;

import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        header = "Submit an execution of a workflow, and optionally wait for it.",
        description = {
            "",
            "Stores the execution and prints its id; a runner that has the workflow runs it",
            "('cloacina runner start'). By default the workflow is one that a runner has",
            "stored in the database, in the newest version that a live runner has; with",
            "--jar or --trust it is the one of that package.",
            "",
            "If no live runner has it, the command prints a warning on stderr: the execution",
            "is stored and waits until such a runner starts. --wait and --watch wait for",
            "that, too; set a --timeout if that may never happen."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina run invoice --input '{\"order\": 42}' --watch",
            "  cloacina run invoice --jar invoices.jar --wait --timeout 5m",
            "  cloacina run invoice --trust acme.pub --input @order.json --key order-42",
            "  cloacina run invoice --label customer=ada --label region=north",
            "  cloacina run invoice --start-at 2026-03-01T22:00 --deadline 2h",
            "  jq .order in.json | cloacina run invoice --trust-any --input @- --json",
            "",
            "Exit codes:",
            "  0   it is submitted; with --wait or --watch: it completed",
            "  1   it failed",
            "  3   there is no such workflow",
            "  5   it was cancelled",
            "  6   it was not finished within --timeout"
        })
final class RunCommand extends EngineCommand {
    @Parameters(paramLabel = "WORKFLOW", description = "The name of the workflow.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String workflow;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "JSON",
            defaultValue = "{}",
            converter = Values.Texts.class,
            description = {"The input, an object: JSON, @FILE, or @- for stdin.", "Default: none"})
    @SuppressWarnings("NullAway.Init") // has a default
    private String input;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = {"An idempotency key: submitting again with the same", "key returns the first execution."})
    private @Nullable String key;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            converter = Values.Labels.class,
            description = {"A label by which 'executions list' finds it; may be", "given up to 16 times."})
    private final List<Values.Label> labels = new ArrayList<>();

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "0",
            description = "Higher runs first. Default: ${DEFAULT-VALUE}")
    private int priority;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            converter = Values.Spans.class,
            description = "Start after that time: 90s, 5m, 1h30m, 2d.")
    private @Nullable Duration delay;

    @Option(
            names = "--start-at",
            paramLabel = "WHEN",
            converter = Values.Instants.class,
            description = {
                "Start at that time: 2026-03-01T17:05, in the zone",
                "of this machine, or with Z or an offset."
            })
    private @Nullable Instant startAt;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            converter = Values.Spans.class,
            description = {
                "How long it may take, instead of the deadline of the",
                "workflow; then its active tasks fail."
            })
    private @Nullable Duration deadline;

    @Option(
            names = "--deadline-at",
            paramLabel = "WHEN",
            converter = Values.Instants.class,
            description = "The deadline as a time.")
    private @Nullable Instant deadlineAt;

    @Option(names = "--wait", description = "Wait until it is finished.")
    private boolean isWaiting;

    @Option(names = "--watch", description = "Wait, and show the progress of its tasks.")
    private boolean isWatching;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Values.Spans.class,
            description = {"With --wait or --watch: wait no longer than that.", "The execution itself continues."})
    private @Nullable Duration timeout;

    @Mixin
    private final WorkflowOptions workflows = new WorkflowOptions();

    @Override
    void check() {
        if (isWatching && isJson()) {
            throw new ParameterException(spec().commandLine(), "--watch cannot be combined with --json: use --wait");
        }
        if (timeout != null && !isWaiting && !isWatching) {
            throw new ParameterException(spec().commandLine(), "--timeout needs --wait or --watch");
        }
        if (delay != null && startAt != null) {
            throw new ParameterException(spec().commandLine(), "--delay cannot be combined with --start-at");
        }
        if (deadline != null && deadlineAt != null) {
            throw new ParameterException(spec().commandLine(), "--deadline cannot be combined with --deadline-at");
        }
    }

    @Override
    Engine open(EngineBuilder builder) {
        return workflows.addTo(builder).client().start();
    }

    @Override
    int run(Engine engine, Output output) {
        boolean isByName = workflows.isNone();
        if (isByName) {
            WorkflowOptions.requireStored(engine, workflow);
        } else {
            WorkflowOptions.require(engine, workflow);
        }
        UUID id = engine.submit(submission());
        if (!isWaiting && !isWatching) {
            submitted(engine, id, output);
            if (isByName) {
                new Watching(engine, output).warnIfAlone(id);
            }
            return ExitCode.FINE;
        }
        Watching watching = new Watching(engine, output);
        if (output.isJson()) {
            Execution ended = watching.await(id, timeout);
            output.json(ExecutionsShowCommand.json(engine, ended));
            return ExitCode.of(ended.status());
        }
        return watching.conclude(isWatching ? watching.watch(id, timeout) : watching.await(id, timeout));
    }

    private Submission submission() {
        Submission submission =
                Submission.of(workflow).input(Json.object(input, "--input")).priority(priority);
        submission = key == null ? submission : submission.idempotencyKey(key);
        submission = delay == null ? submission : submission.delay(delay);
        submission = startAt == null ? submission : submission.startAt(startAt);
        submission = deadline == null ? submission : submission.deadline(deadline);
        submission = deadlineAt == null ? submission : submission.deadline(deadlineAt);
        for (Values.Label label : labels) {
            submission = submission.label(label.name(), label.value());
        }
        return submission;
    }

    private void submitted(Engine engine, UUID id, Output output) {
        if (output.isJson()) {
            output.json(JsonOf.execution(engine.find(id).orElseThrow()));
        } else if (output.screen().isTerminal()) {
            output.line("submitted execution " + id);
            output.line(output.style().faint("watch it: cloacina executions show " + output.id(id) + " --watch"));
        } else {
            output.line(id.toString());
        }
    }
}
