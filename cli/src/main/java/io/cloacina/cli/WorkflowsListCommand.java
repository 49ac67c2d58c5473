package io.cloacina.cli;

import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.WorkflowVersion;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        header = "List the stored versions of workflows, the newest of each first.",
        description = {
            "",
            "Prints the newest version of each workflow, and the older ones that a live",
            "runner has or that have unfinished executions. Unfinished executions of a",
            "version that no runner has wait for one: 'workflows diff' shows what changed,",
            "'executions migrate' moves them."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina workflows list --database sqlite:app.db",
            "  cloacina workflows list --workflow invoice --all",
            "  cloacina workflows list --json | jq '.[] | select(.runners == 0)'",
            "",
            "Exit codes:",
            "  0   success, also when there are none",
            "  3   there is no such workflow"
        })
final class WorkflowsListCommand extends EngineCommand {
    private static final int WIDTH_WITH_TIMES = 76;

    @Option(names = "--workflow", paramLabel = "NAME", description = "Only the versions of this workflow.")
    private @Nullable String workflow;

    @Option(names = "--all", description = "Also older versions that nothing uses.")
    private boolean isAll;

    @Override
    int run(Engine engine, Output output) {
        List<WorkflowVersion> known = workflow == null ? engine.versions().list() : StoredVersions.of(engine, workflow);
        List<WorkflowVersion> shown = isAll ? known : used(known);
        if (output.isJson()) {
            output.json(Json.array(shown, JsonOf::version));
        } else if (shown.isEmpty()) {
            output.remark("no workflows: a runner stores those that it has ('cloacina runner start')");
        } else {
            output.table(table(shown, output));
            if (shown.size() < known.size() && output.screen().isTerminal()) {
                output.line(output.style()
                        .faint("older ones that nothing uses: " + (known.size() - shown.size()) + " (--all)"));
            }
        }
        return ExitCode.FINE;
    }

    private static List<WorkflowVersion> used(List<WorkflowVersion> known) {
        Set<String> seen = new HashSet<>();
        return known.stream()
                .filter(each -> seen.add(each.workflow()) || each.runners() > 0 || each.unfinished() > 0)
                .toList();
    }

    private static Table table(List<WorkflowVersion> shown, Output output) {
        List<Table.Column> columns = new ArrayList<>(List.of(
                Table.name("Workflow"), Table.whole("Version"), Table.number("Runners"), Table.number("Unfinished")));
        boolean isOfPackages = shown.stream().anyMatch(each -> each.storedPackage() != null);
        // A version must be seen whole, to be named again.
        boolean isWide = output.screen().width() >= WIDTH_WITH_TIMES;
        if (isOfPackages) {
            columns.add(Table.name("Package"));
        }
        if (isWide) {
            columns.add(Table.whole("Stored"));
        }
        Table table = new Table(columns.toArray(Table.Column[]::new));
        for (WorkflowVersion each : shown) {
            List<String> cells = new ArrayList<>(List.of(
                    each.workflow(), each.version(), Format.count(each.runners()), Format.count(each.unfinished())));
            if (isOfPackages) {
                cells.add(packaged(each));
            }
            if (isWide) {
                cells.add(output.times().full(each.storedAt()));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    static String packaged(WorkflowVersion version) {
        String its = version.storedPackage();
        return its == null ? "" : version.isPackageDeleted() ? its + ", deleted" : its;
    }
}
