package io.cloacina.cli;

import picocli.CommandLine.Command;

@Command(
        name = "alerts",
        header = "List, store, test and delete alerts.",
        description = {
            "",
            "An alert sends a message to a URL when a condition is met, and another one when",
            "it is over, or one for each execution that ends. Runners evaluate alerts if they",
            "were started with --alerts, or built with alerts()."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AlertsListCommand.class,
            AlertsShowCommand.class,
            AlertsPutCommand.class,
            AlertsEnableCommand.class,
            AlertsDisableCommand.class,
            AlertsTestCommand.class,
            AlertsDeleteCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  cloacina alerts put failing --kind failure-rate --percent 20 --executions 10 \\",
            "      --duration 1h --url https://example.com/hook --database sqlite:app.db",
            "  cloacina alerts test failing",
            "  cloacina alerts list"
        })
final class AlertsCommand extends GroupCommand {}
