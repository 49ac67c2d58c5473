package io.cloacina.cli;

import picocli.CommandLine.Command;

@Command(
        name = "operations",
        header = "Show and stop bulk operations.",
        description = {
            "",
            "'cloacina executions cancel' and similar commands start an operation if they get",
            "a search instead of ids. It is stored in the database, and any live runner",
            "continues it."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {OperationsListCommand.class, OperationsShowCommand.class, OperationsStopCommand.class},
        footer = {
            "",
            "Examples:",
            "  cloacina operations list --database sqlite:app.db",
            "  cloacina operations show 3fa94c21",
            "  cloacina operations stop 3fa94c21"
        })
final class OperationsCommand extends GroupCommand {}
