package io.cloacina.benchmarks.engine;

import io.cloacina.benchmarks.DatabaseArgument;
import io.cloacina.benchmarks.Place;
import io.cloacina.benchmarks.ResultFile;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the engine. */
@Command(
        name = "engine",
        description = {
            "Measures the engine: throughput, latency, what it writes, what it does when idle, and with a long history.",
            "",
            "Tasks do nothing. Beside the throughput of each shape of workflow stands a floor: hand-written JDBC that writes"
                    + " the rows of a straightforward engine, in groups of 100 executions. Engine and floor take turns.",
            "",
            "It measures an SQLite file (synchronous=FULL, in the folder for temporary files), or PostgreSQL if a database is"
                    + " given, with the settings of the server."
        })
public final class EngineCommand implements Callable<Integer> {
    @Option(
            names = "--database",
            paramLabel = "URL",
            description =
                    "A PostgreSQL database: postgresql://USER:PASSWORD@HOST:PORT/DATABASE. The benchmark makes schemas of"
                            + " its own in it and drops them again. Nothing else should use it meanwhile. Or an SQLite file:"
                            + " sqlite:FILE; it measures in a folder of its own beside it.")
    private @Nullable String database;

    @Option(names = "--quick", description = "Measures less: in a few minutes, and less steady.")
    private boolean quick;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many tasks run at once; ${DEFAULT-VALUE} unless said.")
    private int slots;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description = "Measures only these: ${COMPLETION-CANDIDATES}. With commas between them.")
    private @Nullable Set<Part> only;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures to this file.")
    private @Nullable File json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        DatabaseUrl url = database == null ? null : DatabaseArgument.parse(database, spec.commandLine());
        DatabaseUrl.Postgres postgres = url instanceof DatabaseUrl.Postgres server ? server : null;
        if (slots < 1 || slots > 10_000) {
            throw refused("--slots: a number from 1 to 10,000");
        }
        if (json != null && !json.getAbsoluteFile().getParentFile().isDirectory()) {
            throw refused("--json: the folder of " + json + " does not exist");
        }
        EngineSettings settings = quick ? EngineSettings.quick(slots) : EngineSettings.full(slots);
        Set<Part> parts = only == null ? EnumSet.allOf(Part.class) : only;
        EngineReport report = new EngineReport(spec.commandLine().getOut(), postgres != null);
        try (Place place = Place.of(url, database)) {
            new EngineRun(place, settings, parts, report).run();
        }
        if (json != null) {
            String command = "./benchmark engine" + (postgres == null ? "" : " --database " + postgres) + " --slots "
                    + slots + (quick ? " --quick" : "") + (only == null ? "" : " --only " + join(only));
            ResultFile.of(command, report.backend(), settings.asMap(), report.figures())
                    .write(json);
        }
        return 0;
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private static String join(Set<Part> parts) {
        return parts.stream().map(Part::name).collect(Collectors.joining(","));
    }
}
