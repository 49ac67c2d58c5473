package io.cloacina.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.cli.view.Attempts;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Graph;
import io.cloacina.cli.view.Mermaid;
import io.cloacina.cli.view.Reasons;
import io.cloacina.cli.view.Timeline;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        header = "Draw an execution: its tasks, their states, times and reasons.",
        description = {
            "",
            "Prints a line for each task. Lines at the left lead from a task to those that",
            "depend on it. Marks: ● completed, ▶ running, ◇ waiting, ○ not started, ✗ failed,",
            "· skipped or cancelled."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions show 3fa94c21 --database sqlite:app.db",
            "  cloacina executions show 3fa94c21 --timeline",
            "  cloacina executions show 3fa94c21 --attempts --errors",
            "  cloacina executions show 3fa94c21 --mermaid > execution.mmd",
            "  cloacina executions show 3fa94c21 --json | jq .context",
            "",
            "Exit codes:",
            "  0   success; with --watch: it is completed",
            "  1   with --watch: it failed",
            "  3   there is no such execution",
            "  5   with --watch: it was cancelled"
        })
final class ExecutionsShowCommand extends EngineCommand {
    /** What no terminal is high enough for. */
    private static final int MOST_ON_TERMINAL = 500;

    @Parameters(paramLabel = "ID", description = "Its id, or six or more characters of it.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @ArgGroup
    private @Nullable As as;

    @Option(names = "--attempts", description = "Also list all attempts: how each ended, where, and why.")
    private boolean isAttempts;

    @Option(names = "--errors", description = "Also print what attempts threw, with stacks and causes.")
    private boolean isErrors;

    /** One of these at most. */
    private static final class As {
        @Option(names = "--timeline", description = "Show when the tasks ran, as bars.")
        @SuppressWarnings("UnusedVariable") // when it is none of the others, it is this
        private boolean isTimeline;

        @Option(names = "--mermaid", description = "Print a Mermaid flowchart.")
        private boolean isMermaid;

        @Option(names = "--context", description = "Print its data as JSON: input, and what tasks wrote.")
        private boolean isContext;

        @Option(names = "--watch", description = "Show its progress until it is finished.")
        private boolean isWatch;
    }

    @Override
    void check() {
        if (as != null && isJson()) {
            throw new ParameterException(spec().commandLine(), "--json prints all of it: leave out the other option");
        }
        if (as != null && (isAttempts || isErrors)) {
            throw new ParameterException(
                    spec().commandLine(),
                    "--attempts and --errors belong to the drawing: leave out the option that replaces it");
        }
    }

    @Override
    int run(Engine engine, Output output) {
        Execution execution = new ExecutionIds(engine).find(id);
        Instant now = output.times().clock().instant();
        if (output.isJson()) {
            output.json(json(engine, execution));
        } else if (as == null) {
            head(engine, execution, output);
            why(engine, execution, output);
            output.line("");
            List<TaskExecution> tasks = engine.tasks(execution.id());
            List<String> graph = new Graph(output.screen(), output.times()).of(tasks);
            int shown = output.screen().isTerminal() ? MOST_ON_TERMINAL : graph.size();
            output.lines(graph.subList(0, Math.min(shown, graph.size())));
            if (graph.size() > shown) {
                output.line("  and " + Format.count(graph.size() - shown, "task") + " more; a pipe gets all of them");
            }
            recoveries(engine.recoveries(execution.id()), output);
            attempts(engine, execution, tasks, output);
        } else if (as.isMermaid) {
            output.screen().raw(Mermaid.of(engine.tasks(execution.id()), now));
        } else if (as.isContext) {
            output.json(JsonOf.context(engine, execution.id()));
        } else if (as.isWatch) {
            head(engine, execution, output);
            output.line("");
            Watching watching = new Watching(engine, output);
            return watching.conclude(watching.watch(execution.id(), null));
        } else {
            head(engine, execution, output);
            output.line("");
            output.lines(new Timeline(output.screen()).of(engine.tasks(execution.id()), now));
        }
        return ExitCode.FINE;
    }

    /** All there is to tell of it. */
    static ObjectNode json(Engine engine, Execution execution) {
        ObjectNode node = JsonOf.execution(execution);
        node.set("labels", JsonOf.labels(engine.labels(execution.id())));
        node.set("tasks", Json.array(engine.tasks(execution.id()), JsonOf::task));
        node.set("attempts", Json.array(engine.attempts(execution.id()), JsonOf::attempt));
        node.set("recovered", Json.array(engine.recoveries(execution.id()), JsonOf::recovery));
        node.set("context", JsonOf.context(engine, execution.id()));
        return node;
    }

    private static void head(Engine engine, Execution execution, Output output) {
        output.title("Execution " + execution.id());
        fact(
                output,
                "workflow",
                Format.printable(execution.workflow()) + ", version " + Format.printable(execution.version()));
        String label = execution.status().label();
        String took =
                ExecutionsListCommand.took(execution, output.times().clock().instant());
        output.line("  status     " + output.style().state(label, label)
                + (took.isEmpty() ? "" : execution.isFinished() ? " in " + took : " for " + took));
        fact(output, "submitted", output.times().full(execution.createdAt()));
        fact(output, "starts", execution.startedAt() == null ? output.times().full(execution.startAfter()) : "");
        fact(output, "started", output.times().full(execution.startedAt()));
        fact(output, "deadline", output.times().full(execution.deadline()));
        fact(output, "stopped", output.times().full(execution.stoppedAt()));
        fact(output, "ended", output.times().full(execution.completedAt()));
        fact(output, "priority", execution.priority() == 0 ? "" : String.valueOf(execution.priority()));
        fact(output, "key", printable(execution.idempotencyKey()));
        fact(
                output,
                "labels",
                engine.labels(execution.id()).entrySet().stream()
                        .map(each -> Format.printable(each.getKey() + "=" + each.getValue()))
                        .collect(Collectors.joining(", ")));
        fact(output, "restart of", execution.restartedFrom() == null ? "" : String.valueOf(execution.restartedFrom()));
        fact(output, "follows", execution.continuedFrom() == null ? "" : String.valueOf(execution.continuedFrom()));
        fact(output, "successor", execution.continuedAs() == null ? "" : String.valueOf(execution.continuedAs()));
        fact(output, "paused", printable(execution.pauseReason()));
        String error = execution.error();
        if (error != null) {
            String first = Reasons.firstLine(error);
            String cause = ExecutionsListCommand.whyFailed(engine, execution);
            fact(output, "error", first);
            fact(output, "cause", cause.equals(first) ? "" : cause);
        }
    }

    /** The first reason why it has not ended; 'executions why' tells all of them. */
    private static void why(Engine engine, Execution execution, Output output) {
        List<Reason> reasons = engine.why(execution.id());
        if (!reasons.isEmpty()) {
            String first = "  why        " + ExecutionsWhyCommand.line(reasons.get(0), output.times());
            output.wrapped(first, " ".repeat(13));
        }
    }

    private static String printable(@Nullable String text) {
        return text == null ? "" : Format.printable(text);
    }

    private static void fact(Output output, String name, String value) {
        output.fact(name, value, 13);
    }

    private void attempts(Engine engine, Execution execution, List<TaskExecution> tasks, Output output) {
        if (!isAttempts && !isErrors) {
            return;
        }
        List<TaskAttempt> all = engine.attempts(execution.id());
        Attempts attempts = new Attempts(output.screen(), output.times(), tasks);
        if (isAttempts) {
            section("Attempts:", attempts.of(all), output);
        }
        if (isErrors) {
            section("Errors:", attempts.errors(all), output);
        }
    }

    private static void section(String title, List<String> lines, Output output) {
        output.line("");
        output.line(title);
        output.lines(lines.isEmpty() ? List.of("  (none)") : lines);
    }

    private static void recoveries(List<RecoveryEvent> events, Output output) {
        if (events.isEmpty()) {
            return;
        }
        output.line("");
        output.line("Recovered:");
        for (RecoveryEvent event : events) {
            String task = event.taskName() == null ? "" : " " + Format.printable(event.taskName());
            String line = "  " + output.times().full(event.recoveredAt()) + "  "
                    + event.type().label() + task
                    + (event.details() == null ? "" : ": " + Reasons.firstLine(event.details()));
            output.wrapped(line, " ".repeat(4));
        }
    }
}
