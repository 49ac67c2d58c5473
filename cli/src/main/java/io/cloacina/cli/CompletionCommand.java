package io.cloacina.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        header = "Print a script that completes commands in bash and zsh.",
        description = {"", "Source it in the shell, or in its start-up file, for completion with the tab key."},
        footer = {
            "",
            "Examples:",
            "  source <(cloacina completion)",
            "  cloacina completion > ~/.local/share/bash-completion/completions/cloacina",
            "",
            "Exit codes:",
            "  0   success"
        })
final class CompletionCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        String script = AutoComplete.bash("cloacina", spec.root().commandLine());
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
        return ExitCode.FINE;
    }
}
