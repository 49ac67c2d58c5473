package io.cloacina.cli;

import io.cloacina.schema.catalog.Difference;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        header = "Compare the tables of a database with the definition.",
        description = {
            "",
            "Reads the database's own catalog and prints one line for each difference, or",
            "'no differences'."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schema check --database sqlite:app.db",
            "  cloacina schema check --database postgresql://me@localhost/app",
            "",
            "Exit codes:",
            "  0   no differences",
            "  1   there are differences"
        })
final class SchemaCheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final DatabaseOption database = new DatabaseOption();

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        database.requireFile();
        try (Database opened = Database.open(database.url())) {
            PrintWriter out = spec.commandLine().getOut();
            List<Difference> differences = SchemaCheck.differences(opened);
            differences.forEach(out::println);
            if (differences.isEmpty()) {
                out.println("no differences");
            }
            return differences.isEmpty() ? ExitCode.FINE : ExitCode.FOUND_FAULTS;
        }
    }
}
