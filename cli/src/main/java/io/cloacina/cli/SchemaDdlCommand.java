package io.cloacina.cli;

import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.migration.Migration;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
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
        name = "ddl",
        header = "Print the SQL that creates all tables in an empty database.",
        description = {
            "",
            "The SQL also records the schema's versions as applied, so that the database",
            "needs no migration. It is one transaction."
        },
        footer = {
            "",
            "Examples:",
            "  cloacina schema ddl --backend sqlite | sqlite3 -bail app.db",
            "  cloacina schema ddl --backend postgresql | psql -v ON_ERROR_STOP=1 app"
        })
final class SchemaDdlCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // read by picocli
    private final CommonOptions common = new CommonOptions();

    @Option(
            names = "--backend",
            required = true,
            paramLabel = "BACKEND",
            completionCandidates = BackendNames.class,
            converter = BackendNames.class,
            description = "For which database: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // required, so set by picocli
    private Backend backend;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(script(backend, UniversalTimestamp.now(Clock.systemUTC())));
        out.flush();
        return ExitCode.FINE;
    }

    static String script(Backend backend, UniversalTimestamp at) {
        Dialect dialect = Dialect.of(backend);
        List<Migration> versions = CloacinaMigrations.ALL.all();
        StringBuilder script = new StringBuilder();
        boolean isSqlite = backend == Backend.SQLITE;
        script.append("-- Cloacina's tables, schema version ")
                .append(versions.size())
                .append(", for an empty ")
                .append(isSqlite ? "SQLite" : "PostgreSQL")
                .append(" database.\n-- Run this with: ")
                // Without these options both shells continue after an error, and SQLite's then commits the rest.
                .append(isSqlite ? "sqlite3 -bail FILE" : "psql -v ON_ERROR_STOP=1")
                .append(isSqlite ? "\n\nBEGIN IMMEDIATE;\n\n" : "\n\nBEGIN;\n\n");
        new Ddl(dialect)
                .create(CloacinaSchema.SCHEMA)
                .forEach(sql -> script.append(sql).append(";\n").append(sql.startsWith("CREATE TABLE") ? "\n" : ""));
        script.append("\n-- These versions need not be applied again.\n");
        versions.forEach(version -> script.append(CloacinaMigrations.ALL.recording(version, dialect, at))
                .append(";\n"));
        return script.append("\nCOMMIT;\n").toString();
    }
}
