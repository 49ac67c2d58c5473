package io.cloacina.cli;

import io.cloacina.api.BulkActionKind;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.cli.view.Format;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkPreview;
import io.cloacina.engine.model.Runner;
import io.cloacina.server.json.JsonOf;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.UUID;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The same done to all executions that a search finds, instead of to those whose ids are given. */
final class BulkOptions {
    @Mixin
    private final SearchOptions search = new SearchOptions();

    @Option(names = "--all", description = "All executions, without a condition.")
    private boolean isAll;

    @Option(
            names = {"-y", "--yes"},
            description = {
                "Apply the action to all matches. Without --yes they",
                "are only counted; on a terminal the command asks."
            })
    private boolean isYes;

    @Option(names = "--wait", description = "Wait until all matching executions are processed.")
    private boolean isWaiting;

    /** Whether a search is meant; refuses both and neither. */
    boolean isMeant(List<String> ids, CommandSpec spec) {
        boolean isSearch = isAll || search.isGiven();
        if (isSearch != ids.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    isSearch
                            ? "either ids or a search can be given, not both"
                            : "missing: the ids of executions, or conditions such as --workflow and --status, or"
                                    + " --all");
        }
        if (isSearch && isAll == search.isGiven()) {
            throw new ParameterException(spec.commandLine(), "--all cannot be combined with a condition");
        }
        if (!isSearch && (isYes || isWaiting)) {
            throw new ParameterException(spec.commandLine(), "--yes and --wait are for a search, not for ids");
        }
        return isSearch;
    }

    /** Tells what would be done, and does it if that is wanted; the exit code. */
    int run(Engine engine, Output output, BulkAction action) {
        ExecutionQuery query = search.addTo(ExecutionQuery.all(), engine);
        BulkPreview preview = engine.operations().preview(query, action);
        boolean isNone = preview.fitting().isEmpty() && !preview.matching().isMore();
        if (!output.isJson()) {
            show(preview, action, output);
        } else if (isNone || !isYes) {
            output.json(JsonOf.preview(preview, action));
        }
        if (isNone) {
            if (preview.matching().isZero()) {
                search.remarkUnknown(engine, output);
            }
            return ExitCode.FINE;
        }
        if (!isYes && !(output.screen().isTerminal() && !output.isJson() && isConfirmed(output))) {
            output.remark("nothing was changed: add --yes to apply it");
            return ExitCode.CANNOT;
        }
        UUID operation = engine.operations().start(query, action, requestedBy());
        OperationWatch watch = new OperationWatch(engine, output);
        if (!output.isJson()) {
            output.wrapped(
                    "operation " + operation + " is started; 'cloacina operations show' shows its progress", "  ");
        }
        if (engine.runners().stream().noneMatch(Runner::isAlive)) {
            output.remark("no runner is alive; the operation is stored and begins when one starts");
        }
        return isWaiting ? watch.toEnd(operation) : watch.now(operation);
    }

    private static void show(BulkPreview preview, BulkAction action, Output output) {
        int fitting =
                preview.fitting().values().stream().mapToInt(Integer::intValue).sum();
        output.line(action.kind().label() + ": "
                + (preview.matching().isMore()
                        ? "of the newest " + preview.matching().toString().replace("+", "") + " that match, "
                        : "")
                + Format.count(fitting, "execution") + states(preview.fitting()));
        int skipped =
                preview.skipped().values().stream().mapToInt(Integer::intValue).sum();
        if (skipped > 0) {
            output.line("  skipped for their state: " + Format.count(skipped) + states(preview.skipped()));
        }
        if (fitting > 0 && action.kind() == BulkActionKind.RETRY && !action.isEvenAfterCompensation()) {
            output.wrapped(
                    "  of these, those in which tasks have run after a failed one are skipped when they are reached",
                    "    ");
        }
        if (preview.children() > 0) {
            output.line("  children of other executions, not changed: " + Format.count(preview.children()));
        }
        preview.newest()
                .forEach(each -> output.line(Format.cutBehind(
                        "  " + each.id() + "  " + Format.printable(each.workflow()) + "  "
                                + each.status().label().toLowerCase(Locale.ROOT) + "  "
                                + output.times().of(each.createdAt()),
                        output.screen().width())));
        if (fitting > preview.newest().size()) {
            output.line("  …");
        }
    }

    private static String states(Map<ExecutionStatus, Integer> states) {
        return states.isEmpty()
                ? ""
                : states.entrySet().stream()
                        .map(each ->
                                each.getKey().label().toLowerCase(Locale.ROOT) + " " + Format.count(each.getValue()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static boolean isConfirmed(Output output) {
        output.line("Do it? [y/N]");
        output.flush();
        Scanner answers = new Scanner(System.in, Charset.defaultCharset());
        return answers.hasNextLine() && answers.nextLine().strip().equalsIgnoreCase("y");
    }

    private static String requestedBy() {
        return Format.cutBehind(System.getProperty("user.name", "unknown") + " by command line", 200);
    }
}
