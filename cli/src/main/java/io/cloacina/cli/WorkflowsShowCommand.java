package io.cloacina.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.InFlight;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Plan;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.StoredWorkflow;
import io.cloacina.engine.model.WorkflowVersion;
import io.cloacina.server.json.JsonOf;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        header = "Draw a workflow: its tasks, what they wait for, input and output.",
        description = {
            "",
            "Without a version, shows the newest. Prints a line for each task; lines at the",
            "left lead from a task to those that depend on it. In a type, what has a ? may",
            "be absent."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina workflows show invoice --database sqlite:app.db",
            "  cloacina workflows show invoice@9f86d081884c7d65",
            "  cloacina workflows show invoice --json | jq '.inputs[] | select(.required)'",
            "",
            "Exit codes:",
            "  0   success",
            "  3   there is no such workflow, or no such version of it"
        })
final class WorkflowsShowCommand extends EngineCommand {
    @Parameters(paramLabel = "NAME[@VERSION]", description = "The workflow, optionally with its version.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String named;

    @Override
    int run(Engine engine, Output output) {
        WorkflowVersion version = version(engine);
        StoredWorkflow stored =
                engine.versions().find(version.workflow(), version.version()).orElseThrow();
        if (output.isJson()) {
            ObjectNode node = JsonOf.version(version);
            node.setAll(JsonOf.workflow(stored));
            output.json(node);
        } else {
            head(version, stored, output);
            input(stored, output);
            output.line("");
            output.lines(new Plan(output.style(), output.screen().width()).of(stored.tasks()));
            outputs(stored, output);
        }
        return ExitCode.FINE;
    }

    private WorkflowVersion version(Engine engine) {
        int at = named.lastIndexOf('@');
        boolean isName = at < 0
                || engine.versions().list().stream()
                        .anyMatch(each -> each.workflow().equals(named));
        List<WorkflowVersion> all = StoredVersions.of(engine, isName ? named : named.substring(0, at));
        return isName ? all.get(0) : StoredVersions.find(all, named.substring(at + 1));
    }

    private static void head(WorkflowVersion version, StoredWorkflow stored, Output output) {
        output.title("Workflow " + version.workflow() + ", version " + version.version());
        fact(output, "stored", output.times().full(version.storedAt()));
        fact(output, "package", WorkflowsListCommand.packaged(version));
        fact(output, "runners", version.runners() == 0 ? "none has it now" : Format.count(version.runners()));
        fact(output, "unfinished", Format.count(version.unfinished(), "execution"));
        if (stored.inFlight() == InFlight.PINNED) {
            fact(output, "in flight", "executions finish with the version they began with");
        }
        fact(
                output,
                "deadline",
                stored.deadline() == null ? "" : stored.deadline().toString());
        stored.limits().forEach(limit -> fact(output, "limit", limit));
    }

    private static void input(StoredWorkflow stored, Output output) {
        if (stored.inputs().isEmpty()) {
            return;
        }
        output.line("");
        output.line("Input:" + (stored.refusesUnknownInput() ? " (anything else is refused)" : ""));
        for (StoredWorkflow.Input input : stored.inputs()) {
            typed(output, input.key(), (input.isRequired() ? "required, " : "optional, ") + input.type());
        }
    }

    private static void outputs(StoredWorkflow stored, Output output) {
        List<StoredWorkflow.Task> tasks =
                stored.tasks().stream().filter(task -> task.output() != null).toList();
        if (!tasks.isEmpty()) {
            output.line("");
            output.line("Output:");
            tasks.forEach(task -> typed(output, task.name(), String.valueOf(task.output())));
        }
    }

    private static void typed(Output output, String name, String type) {
        output.wrapped("  " + Format.printable(name) + ": " + Format.printable(type), "      ");
    }

    private static void fact(Output output, String name, String value) {
        output.fact(name, value, 14);
    }
}
