package io.cloacina.cli;

import picocli.CommandLine.Command;

@Command(
        name = "packages",
        header = "Store jars with workflows in the database, and sign them.",
        description = {
            "",
            "A package is a jar with workflows. It is code: runners load only the packages",
            "that they trust ('cloacina runner start --trust KEYFILE')."
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PackagesUploadCommand.class,
            PackagesListCommand.class,
            PackagesShowCommand.class,
            PackagesDeleteCommand.class,
            PackagesKeygenCommand.class,
            PackagesSignCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  cloacina packages keygen acme",
            "  cloacina packages sign invoices.jar --key acme.key",
            "  cloacina packages upload invoices.jar --database sqlite:app.db",
            "  cloacina runner start --trust acme.pub --database sqlite:app.db"
        })
final class PackagesCommand extends GroupCommand {}
