package io.cloacina.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

@Command(
        name = "help",
        header = "Show the help of a command, as its --help does.",
        footer = {
            "",
            "Examples:",
            "  cloacina help                  the commands",
            "  cloacina help executions list  the same as cloacina executions list --help",
            "",
            "Exit codes:",
            "  0   success"
        })
final class HelpCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "The words of the command. Default: all commands.")
    private final List<String> words = new ArrayList<>();

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        CommandLine shown = spec.root().commandLine();
        for (String word : words) {
            CommandLine below = shown.getSubcommands().get(word);
            if (below == null) {
                throw new UnmatchedArgumentException(shown, List.of(word));
            }
            shown = below;
        }
        shown.usage(spec.commandLine().getOut());
        return ExitCode.FINE;
    }
}
