package io.cloacina.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "cloacina",
        versionProvider = Version.class,
        header = "Durable workflows, with their state in SQLite or PostgreSQL.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  cloacina demo                 a workflow on the files of this folder",
            "  cloacina runner start --jar invoices.jar --database sqlite:app.db",
            "  cloacina run invoice --jar invoices.jar --watch --database sqlite:app.db",
            "  cloacina executions list --database sqlite:app.db",
            "  cloacina run --help           the help of a command",
            "",
            "Databases (URL):",
            "  sqlite:FILE, sqlite::memory:, or a path ending in .db, .sqlite, .sqlite3",
            "    ?synchronous=FULL|NORMAL  ?busy_timeout=MILLIS  ?readers=N",
            "  postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
            "    ?pool_size=N, and any setting of its JDBC driver: ?sslmode=require",
            "  the same as jdbc:sqlite:... and jdbc:postgresql:...",
            "  CLOACINA_DATABASE in the environment is the default of --database.",
            "",
            "Exit codes:",
            "  0   success",
            "  1   the execution failed, there are differences, or the output was lost",
            "  3   nothing has that name or id",
            "  4   refused: not allowed in the current state, or the file is not a package",
            "  5   the execution was cancelled",
            "  6   the execution was not finished in time",
            "  130, 143  it was stopped by ctrl-C, or by SIGTERM"
        })
final class CloacinaCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean isVersionAsked;

    /** Without a command there is nothing to do but to say which there are. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.CANNOT;
    }
}
