package io.cloacina.cli;

import picocli.CommandLine.Command;

@Command(
        name = "schema",
        header = "Create, migrate, check, describe and copy the tables.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SchemaDdlCommand.class,
            SchemaMigrateCommand.class,
            SchemaCheckCommand.class,
            SchemaCopyCommand.class,
            SchemaTablesCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schema ddl --backend postgresql > schema.sql",
            "  cloacina schema migrate --database sqlite:app.db",
            "  cloacina schema check --database postgresql://me@localhost/app",
            "  cloacina schema copy --from sqlite:app.db --to postgresql://me@localhost/app"
        })
final class SchemaCommand extends GroupCommand {}
