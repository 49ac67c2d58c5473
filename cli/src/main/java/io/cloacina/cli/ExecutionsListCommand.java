package io.cloacina.cli;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Reasons;
import io.cloacina.cli.view.Table;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        header = "List executions, newest first.",
        description = {
            "",
            "Prints a page at a time: --before with the last id of a page prints the next.",
            "Pages neither repeat nor miss an execution, whatever is submitted meanwhile.",
            "",
            "Lists the executions that meet all conditions. Where no index serves a",
            "condition, the newest 1,000,000 are examined, and a line on stderr says",
            "how to look further. If no execution is found, stderr lists the given",
            "versions, tasks and schedules that do not exist."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions list --database sqlite:app.db",
            "  cloacina executions list --workflow invoice --status failed --limit 100",
            "  cloacina executions list --since 2h --status failed,cancelled --error Timeout",
            "  cloacina executions list --label customer=ada --task ship:failed",
            "  cloacina executions list --json | jq -r '.[].id'",
            "",
            "Exit codes:",
            "  0   success, also when there are none",
            "  3   there is no such workflow, or --before is not the id of an execution"
        })
final class ExecutionsListCommand extends EngineCommand {
    /** Among how many of the newest a name is looked for that may be misspelt. */
    private static final int RECENT = 1_000;

    /** How many executions are looked through for a page; older ones are the next page. */
    private static final int SCANNED = 1_000_000;

    /** Of so many failed executions of a page the tasks are read. */
    private static final int MOST_EXPLAINED = 100;

    @Mixin
    private final SearchOptions search = new SearchOptions();

    @Mixin
    private final LimitOption limit = new LimitOption();

    @Option(names = "--before", paramLabel = "ID", description = "Only those submitted before that execution.")
    private @Nullable String before;

    @Override
    int run(Engine engine, Output output) {
        ExecutionQuery query =
                search.addTo(ExecutionQuery.all().limit(limit.limit()).scan(SCANNED), engine);
        if (before != null) {
            query = query.before(new ExecutionIds(engine).find(before).id());
        }
        ExecutionPage found = engine.search(query);
        List<Execution> page = found.executions();
        if (page.isEmpty() && !found.isCutShort() && search.workflow() != null) {
            requireKnown(engine, search.workflow());
        }
        if (output.isJson()) {
            output.json(Json.array(page, JsonOf::execution));
        } else if (!page.isEmpty()) {
            show(engine, page, output);
        } else if (!found.isCutShort()) {
            output.remark("no executions");
        }
        if (page.isEmpty() && !found.isCutShort()) {
            search.remarkUnknown(engine, output);
        }
        if (found.isCutShort()) {
            output.remark(
                    "the newest " + SCANNED + " executions were examined; for older ones: --before " + found.next());
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

    private void show(Engine engine, List<Execution> page, Output output) {
        Table table = new Table(
                Table.whole("Id"),
                Table.state("Status"),
                Table.number("Took"),
                Table.whole("Submitted"),
                Table.name("Workflow"),
                Table.note("Why"));
        Instant now = output.times().clock().instant();
        int explained = 0;
        for (Execution execution : page) {
            boolean isExplained = execution.status() == ExecutionStatus.FAILED && explained++ < MOST_EXPLAINED;
            table.row(
                    output.id(execution.id()),
                    execution.status().label(),
                    took(execution, now),
                    output.screen().isTerminal()
                            ? output.times().of(execution.createdAt())
                            : output.times().full(execution.createdAt()),
                    execution.workflow(),
                    isExplained ? whyFailed(engine, execution) : why(execution, output));
        }
        output.table(table);
        if (page.size() == limit.limit() && output.screen().isTerminal()) {
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

    /** The first task that failed, and its error: that the execution failed because of it says little. */
    static String whyFailed(Engine engine, Execution execution) {
        return engine.tasks(execution.id(), List.of(TaskStatus.FAILED)).stream()
                .filter(task -> task.error() != null)
                .findFirst()
                .map(task -> task.name() + ": " + Reasons.firstLine(Objects.requireNonNull(task.error())))
                .orElse(Reasons.firstLine(Objects.requireNonNullElse(execution.error(), "")));
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
            case RUNNING, COMPLETED, FAILED, CANCELLED -> "";
        };
    }
}
