package io.cloacina.benchmarks;

import io.cloacina.benchmarks.answers.AnswersCommand;
import io.cloacina.benchmarks.bulk.BulkCommand;
import io.cloacina.benchmarks.cron.CronCommand;
import io.cloacina.benchmarks.engine.EngineCommand;
import io.cloacina.benchmarks.peers.PeersCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line of the benchmarks. */
@Command(
        name = "./benchmark",
        description = "Measures Cloacina on this machine.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        version = "Cloacina benchmarks",
        synopsisSubcommandLabel = "BENCHMARK",
        commandListHeading = "%nBenchmarks:%n",
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        usageHelpAutoWidth = true,
        subcommands = {
            SchemaCommand.class,
            EngineCommand.class,
            CronCommand.class,
            BulkCommand.class,
            AnswersCommand.class,
            PeersCommand.class,
            HelpCommand.class
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    /** Runs a benchmark and ends the JVM: 0 if it ran, 1 if it failed, 2 if the arguments were not understood. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, given) -> {
                    e.getCommandLine().getErr().println(e.getMessage() + " (see --help)");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("the benchmark failed: " + e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "no benchmark is named: schema, engine, cron, bulk, answers or peers");
    }
}
