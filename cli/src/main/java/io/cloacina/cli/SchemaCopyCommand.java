package io.cloacina.cli;

import io.cloacina.cli.view.Screen;
import io.cloacina.schema.copy.CopiedTable;
import io.cloacina.schema.copy.CopyProgress;
import io.cloacina.schema.copy.SchemaCopy;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.migration.Migrator;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "copy",
        header = "Copy a whole database into an empty one, such as SQLite to PostgreSQL.",
        description = {
            "",
            "Copies all rows of all tables, in batches, then reads both sides again and",
            "compares them. Stop the engines on the source first. If the copy is interrupted,",
            "run it again: it continues where it stopped. No engine starts on the target",
            "before the copy is complete. After that, engines on the target continue the",
            "unfinished executions."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schema copy --from sqlite:app.db --to postgresql://me@localhost/app",
            "",
            "Exit codes:",
            "  0   copied, and both sides are the same",
            "  1   a table is not the same on both sides; do not use the target"
        })
final class SchemaCopyCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "URL",
            description = {"The database to copy: sqlite:FILE or", "postgresql://USER@HOST/DATABASE"})
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private String from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "URL",
            description = "The database to fill; its tables are created if it has none.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private String to;

    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean isJson;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        if (DatabaseOption.isMissingFile(from)) {
            throw new DatabaseException(
                    ErrorKind.CONNECTION, "cannot copy " + DatabaseUrl.parse(from) + ": there is no such file", null);
        }
        Screen screen = Screen.of(spec.commandLine().getOut());
        CopyLine line = new CopyLine(screen);
        try (Database source = Database.open(from, Migrator.STATEMENTS);
                Database target = Database.open(to, Migrator.STATEMENTS)) {
            List<CopiedTable> tables;
            try {
                tables = new SchemaCopy(source, target).run(screen.isLive() ? line : CopyProgress.NONE);
            } finally {
                line.end();
            }
            CopyReport report = new CopyReport(source.toString(), target.toString(), tables);
            PrintWriter out = spec.commandLine().getOut();
            out.print(isJson ? report.json() + System.lineSeparator() : report.text());
            out.flush();
            if (report.isSame()) {
                return ExitCode.FINE;
            }
            spec.commandLine().getErr().println("cloacina: " + report.failure());
            return ExitCode.FOUND_FAULTS;
        }
    }
}
