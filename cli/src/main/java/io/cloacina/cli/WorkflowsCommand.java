package io.cloacina.cli;

import picocli.CommandLine.Command;

@Command(
        name = "workflows",
        header = "Show the workflows that runners have, and compare their versions.",
        description = {
            "",
            "A runner stores the definition of each workflow that it has, once for a version.",
            "These commands read what is stored: they need no jar and no running runner."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {WorkflowsListCommand.class, WorkflowsShowCommand.class, WorkflowsDiffCommand.class},
        footer = {
            "",
            "Examples:",
            "  cloacina workflows list --database sqlite:app.db",
            "  cloacina workflows show invoice --database sqlite:app.db",
            "  cloacina workflows diff invoice --database sqlite:app.db"
        })
final class WorkflowsCommand extends GroupCommand {}
