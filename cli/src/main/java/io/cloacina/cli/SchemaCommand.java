package io.cloacina.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "schema",
        header = "Make, bring up to date, check, describe and copy the tables.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
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
final class SchemaCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.CANNOT;
    }
}
