package io.cloacina.cli;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.migration.Migrator.Applied;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "migrate",
        header = "Bring the tables of a database to this version.",
        description = {
            "",
            "All pending versions are applied in one transaction, or none. Running it again,",
            "or in several processes at once, does no harm. An engine does the same when it",
            "starts."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schema migrate --database sqlite:app.db",
            "  cloacina schema migrate --database postgresql://me@localhost/app --print"
        })
final class SchemaMigrateCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final DatabaseOption database = new DatabaseOption();

    @Option(names = "--print", description = "Print the SQL that is pending, and change nothing.")
    private boolean isPrintOnly;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        // A file that is not there is as empty as a database in memory, and must not be made for being looked at.
        String url = isPrintOnly && database.isMissingFile() ? "sqlite::memory:" : database.url();
        try (Database opened = Database.open(url, Migrator.STATEMENTS)) {
            Migrator migrator = new Migrator(opened, CloacinaMigrations.ALL, Clock.systemUTC());
            if (isPrintOnly) {
                out.print(migrator.script());
                out.flush();
                return ExitCode.FINE;
            }
            List<Applied> applied = migrator.migrate();
            applied.forEach(made -> out.println("applied version " + made.version() + ": " + made.name()));
            if (applied.isEmpty()) {
                out.println("up to date (version " + migrator.history().size() + ")");
            }
            return ExitCode.FINE;
        }
    }
}
