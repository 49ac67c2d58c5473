package io.cloacina.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.WorkflowVersion;
import io.cloacina.server.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        header = "Show what changed from one version of a workflow to another.",
        description = {
            "",
            "Prints a line for each difference of the definitions. Without versions compares",
            "the two newest; with one, compares that with the newest. Code is not stored: if",
            "only code changed, there are no differences."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina workflows diff invoice --database sqlite:app.db",
            "  cloacina workflows diff invoice 9f86d081884c7d65",
            "  cloacina workflows diff invoice 1 2 --json | jq -r '.differences[]'",
            "",
            "Exit codes:",
            "  0   no differences",
            "  1   there are differences",
            "  3   there is no such workflow, or no such version of it"
        })
final class WorkflowsDiffCommand extends EngineCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The workflow.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String workflow;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FROM",
            description = "The version before. Default: the second newest")
    private @Nullable String from;

    @Parameters(index = "2", arity = "0..1", paramLabel = "TO", description = "The version after. Default: the newest")
    private @Nullable String to;

    @Override
    int run(Engine engine, Output output) {
        List<WorkflowVersion> all = StoredVersions.of(engine, workflow);
        WorkflowVersion after = to == null ? all.get(0) : StoredVersions.find(all, to);
        WorkflowVersion before = from == null ? all.get(Math.min(1, all.size() - 1)) : StoredVersions.find(all, from);
        List<String> differences = engine.versions().differences(workflow, before.version(), after.version());
        if (output.isJson()) {
            ObjectNode node = Json.fields()
                    .put("workflow", workflow)
                    .put("from", before.version())
                    .put("to", after.version());
            node.set("differences", Json.array(differences, TextNode::valueOf));
            output.json(node);
        } else if (from == null && all.size() == 1) {
            output.remark("there is only one version of workflow '" + Format.printable(workflow) + "': "
                    + Format.printable(after.version()));
        } else {
            show(before, after, differences, output);
        }
        return differences.isEmpty() ? ExitCode.FINE : ExitCode.FOUND_FAULTS;
    }

    private static void show(WorkflowVersion before, WorkflowVersion after, List<String> differences, Output output) {
        String versions = "from " + Format.printable(before.version()) + " to " + Format.printable(after.version());
        if (differences.isEmpty()) {
            output.line("no differences " + versions);
            return;
        }
        output.title("Workflow " + after.workflow() + " " + versions);
        differences.forEach(each -> output.wrapped("  " + Format.printable(each), "    "));
    }
}
