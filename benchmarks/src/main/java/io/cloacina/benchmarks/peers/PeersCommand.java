package io.cloacina.benchmarks.peers;

import io.cloacina.benchmarks.DatabaseArgument;
import io.cloacina.benchmarks.ResultFile;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures other libraries beside the engine. */
@Command(
        name = "peers",
        description = {
            "Measures other libraries beside the engine: db-scheduler, JobRunr (free edition), DBOS Transact.",
            "",
            "The same jobs, which do nothing, are run by each of them, in a fresh JVM and an empty database, in turns. It is"
                    + " counted how often each job ran; if one did not run exactly once, the exit code is 1.",
            "",
            "It measures SQLite files (synchronous=FULL, in the folder for temporary files), or PostgreSQL if a database is"
                    + " given. Commits have to be durable: it refuses a server whose synchronous_commit or fsync is off."
        })
public final class PeersCommand implements Callable<Integer> {
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
        if (json != null && !json.getAbsoluteFile().getParentFile().isDirectory()) {
            throw new ParameterException(spec.commandLine(), "--json: the folder of " + json + " does not exist");
        }
        PeersSettings settings = quick ? PeersSettings.QUICK : PeersSettings.FULL;
        Set<Part> parts = EnumSet.copyOf(only == null ? EnumSet.allOf(Part.class) : only);
        PeersReport report = new PeersReport(spec.commandLine().getOut(), postgres != null);
        boolean exact = measure(url, database, parts, settings, report);
        if (json != null) {
            String command = "./benchmark peers" + (postgres == null ? "" : " --database " + postgres)
                    + (quick ? " --quick" : "") + (only == null ? "" : " --only " + join(parts));
            ResultFile.of(command, report.backend(), settings.asMap(), report.figures())
                    .write(json);
        }
        return exact ? 0 : 1;
    }

    /**
     * Measures and prints.
     *
     * @param given {@code url} as it was given; both are null for a temporary SQLite file
     * @return whether each job ran exactly once
     */
    static boolean measure(
            @Nullable DatabaseUrl url,
            @Nullable String given,
            Set<Part> parts,
            PeersSettings settings,
            PeersReport report)
            throws IOException, SQLException, InterruptedException {
        report.heading(settings);
        PeersRun run = new PeersRun(url, given, parts, settings, text -> report.line("  %s", text));
        Map<Contender, List<PeerChild.Result>> results = run.run();
        report.results(results, parts);
        return results.values().stream().flatMap(List::stream).allMatch(result -> result.notOnce() == 0);
    }

    private static String join(Set<Part> parts) {
        return parts.stream().map(Part::label).collect(Collectors.joining(","));
    }
}
