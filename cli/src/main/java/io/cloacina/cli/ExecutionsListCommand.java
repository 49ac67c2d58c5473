package io.cloacina.cli;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Reasons;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        header = "List executions, newest first.",
        description = {
            "",
            "Prints a page at a time: --before with the last id of a page prints the next.",
            "Pages neither repeat nor miss an execution, whatever is submitted meanwhile."
        },
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  cloacina executions list --database sqlite:app.db",
            "  cloacina executions list --workflow invoice --status failed --limit 100",
            "  cloacina executions list --json | jq -r '.[].id'",
            "",
            "Exit codes:",
            "  0   success, also when there are none",
            "  2   failed; the reason is on stderr",
            "  3   there is no such workflow, or --before is not the id of an execution"
        })
final class ExecutionsListCommand extends EngineCommand {
    /** Among how many of the newest a name is looked for that may be misspelt. */
    private static final int RECENT = 1_000;

    @Option(names = "--workflow", paramLabel = "NAME", description = "Only those of this workflow.")
    private @Nullable String workflow;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            converter = Values.Statuses.class,
            description = {"Only in this state: pending, running, completed,", "failed, cancelled or paused."})
    private @Nullable ExecutionStatus status;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "At most this many. Default: ${DEFAULT-VALUE}")
    private int limit;

    @Option(names = "--before", paramLabel = "ID", description = "Only those submitted before that execution.")
    private @Nullable String before;

    @Override
    int run(Engine engine, Output output) {
        ExecutionQuery query = ExecutionQuery.all().limit(limit);
        if (workflow != null) {
            query = query.workflow(workflow);
        }
        if (status != null) {
            query = query.status(status);
        }
        if (before != null) {
            query = query.before(new ExecutionIds(engine).find(before).id());
        }
        List<Execution> page = engine.list(query);
        if (page.isEmpty() && workflow != null) {
            requireKnown(engine, workflow);
        }
        if (output.isJson()) {
            output.json(Json.array(page, JsonOf::execution));
        } else if (page.isEmpty()) {
            output.remark("no executions");
        } else {
            show(page, output);
        }
        return ExitCode.FINE;
    }

    private static void requireKnown(Engine engine, String workflow) {
        TreeSet<String> known = new TreeSet<>();
        engine.list(ExecutionQuery.all().limit(RECENT)).forEach(execution -> known.add(execution.workflow()));
        engine.runners().forEach(runner -> runner.workflows().forEach(its -> known.add(its.split("@", 2)[0])));
        boolean isKnown = known.contains(workflow)
                || !engine.list(ExecutionQuery.all().workflow(workflow).limit(1))
                        .isEmpty();
        if (!isKnown) {
            throw Nearest.unknown("workflow", workflow, known);
        }
    }

    private void show(List<Execution> page, Output output) {
        Table table = new Table(
                Table.path("Id"),
                Table.state("Status"),
                Table.number("Took"),
                Table.text("Submitted"),
                Table.text("Workflow"),
                Table.text("Why"));
        Instant now = output.times().clock().instant();
        for (Execution execution : page) {
            table.row(
                    output.id(execution.id()),
                    execution.status().label(),
                    took(execution, now),
                    output.times().full(execution.createdAt()),
                    execution.workflow(),
                    why(execution, output));
        }
        output.table(table);
        if (page.size() == limit && output.screen().isTerminal()) {
            output.line(output.style()
                    .faint("older ones: --before "
                            + output.id(page.get(page.size() - 1).id())));
        }
    }

    static String took(Execution execution, Instant now) {
        Instant started = execution.startedAt();
        return started == null
                ? ""
                : Format.duration(Duration.between(started, Objects.requireNonNullElse(execution.completedAt(), now)));
    }

    private static String why(Execution execution, Output output) {
        String error = execution.error();
        if (error != null) {
            return Reasons.firstLine(error);
        }
        Instant startAfter = execution.startAfter();
        return switch (execution.status()) {
            case PAUSED -> Objects.requireNonNullElse(execution.pauseReason(), "");
            case PENDING ->
                startAfter == null ? "" : "starts at " + output.times().of(startAfter);
            default -> "";
        };
    }
}
