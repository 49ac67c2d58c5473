package io.cloacina.cli;

import io.cloacina.schema.catalog.SchemaReference;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "tables",
        header = "Describe the tables: columns, types on both backends, keys.",
        description = {"", "Prints the definition of this version; no database is needed."},
        footer = {"", "Examples:", "  cloacina schema tables | less", "  cloacina schema tables --markdown > schema.md"
        })
final class SchemaTablesCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--markdown", description = "Write Markdown instead of plain text.")
    private boolean isMarkdown;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(isMarkdown ? SchemaReference.markdown() : SchemaReference.text());
        out.flush();
        return ExitCode.FINE;
    }
}
