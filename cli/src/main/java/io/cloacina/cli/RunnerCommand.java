package io.cloacina.cli;

import picocli.CommandLine.Command;

@Command(
        name = "runner",
        header = "Run workflows in this process, and list the processes that do.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {RunnerStartCommand.class, RunnerListCommand.class},
        footer = {
            "",
            "Examples:",
            "  cloacina runner start --jar invoices.jar --database sqlite:app.db",
            "  cloacina runner list --database sqlite:app.db"
        })
final class RunnerCommand extends GroupCommand {}
