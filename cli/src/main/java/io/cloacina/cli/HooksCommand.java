package io.cloacina.cli;

import picocli.CommandLine.Command;

@Command(
        name = "hooks",
        header = "List, store and delete webhooks.",
        description = {
            "",
            "A webhook submits a workflow for each signed delivery that 'cloacina server'",
            "receives at /api/v1/hooks/NAME, and for each delivery once."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {HooksListCommand.class, HooksPutCommand.class, HooksDeleteCommand.class},
        footer = {
            "",
            "Examples:",
            "  cloacina hooks list --database sqlite:app.db",
            "  cloacina hooks put shop --workflow build --signature github \\",
            "      --secret-file secret.txt",
            "  cloacina hooks delete shop"
        })
final class HooksCommand extends GroupCommand {}
