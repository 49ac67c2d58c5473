package io.cloacina.cli;

import picocli.CommandLine.Command;

@Command(
        name = "executions",
        header = "Show executions; cancel, pause, retry, restart, delete, signal, move them.",
        description = {
            "",
            "An execution is named by its id, or by the last six or more characters of it,",
            "as tables on a terminal show them. The beginning works too; it encodes a time."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ExecutionsListCommand.class,
            ExecutionsFailuresCommand.class,
            ExecutionsShowCommand.class,
            ExecutionsWhyCommand.class,
            ExecutionsCancelCommand.class,
            ExecutionsPauseCommand.class,
            ExecutionsResumeCommand.class,
            ExecutionsRetryCommand.class,
            ExecutionsRestartCommand.class,
            ExecutionsDeleteCommand.class,
            ExecutionsSignalCommand.class,
            ExecutionsMigrateCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  cloacina executions list --database sqlite:app.db --status failed",
            "  cloacina executions show 3fa94c21 --database sqlite:app.db",
            "  cloacina executions retry 3fa94c21 --database sqlite:app.db"
        })
final class ExecutionsCommand extends GroupCommand {}
