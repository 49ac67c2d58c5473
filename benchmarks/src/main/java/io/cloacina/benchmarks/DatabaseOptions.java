package io.cloacina.benchmarks;

import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of all benchmarks with durable commits: where they measure, and where they write their figures. */
public final class DatabaseOptions {
    @Option(
            names = "--database",
            paramLabel = "URL",
            description =
                    "A PostgreSQL database: postgresql://USER:PASSWORD@HOST:PORT/DATABASE. The benchmark makes schemas of"
                            + " its own in it and drops them again. Nothing else should use it meanwhile. Or an SQLite file:"
                            + " sqlite:FILE; it measures in a folder of its own beside it. Without it, SQLite files in the"
                            + " folder for temporary files.")
    private @Nullable String database;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to this file.")
    private @Nullable File json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    /**
     * The database that was given, null if none was.
     *
     * @throws ParameterException with a line that says what is wrong with an option
     */
    public @Nullable DatabaseUrl url() {
        if (json != null && !json.getAbsoluteFile().getParentFile().isDirectory()) {
            throw refused("--json: the folder of " + json + " does not exist");
        }
        DatabaseUrl parsed;
        try {
            parsed = database == null ? null : DatabaseUrl.parse(database);
        } catch (DatabaseException e) {
            throw refused("--database: " + String.valueOf(e.getMessage()).replaceAll(" The forms are:(?s:.*)", ""));
        }
        if (parsed instanceof DatabaseUrl.Sqlite sqlite && sqlite.isMemory()) {
            throw refused("--database: a database in memory has no durable commits; name a file");
        }
        return parsed;
    }

    /** The same as it was given, with the password. */
    public @Nullable String given() {
        return database;
    }

    /**
     * Writes the figures if that was asked for.
     *
     * @param command such as {@code ./benchmark engine}, without the options here
     * @param further the other options as they were given, each after a space
     */
    public void write(String command, String further, Map<String, ?> settings, List<Figure> figures)
            throws IOException, InterruptedException {
        if (json != null) {
            boolean isPostgres = url() instanceof DatabaseUrl.Postgres;
            // The URL prints itself without its password.
            ResultFile.of(
                            command + (isPostgres ? " --database " + url() : "") + further,
                            isPostgres ? "PostgreSQL" : "SQLite",
                            settings,
                            figures)
                    .write(json);
        }
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
