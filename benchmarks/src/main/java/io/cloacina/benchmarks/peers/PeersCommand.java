package io.cloacina.benchmarks.peers;

import io.cloacina.benchmarks.DatabaseOptions;
import io.cloacina.schema.database.DatabaseUrl;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli before it runs
    private DatabaseOptions options;

    @Option(names = "--quick", description = "Measures less: in a few minutes, and less steady.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description = "Measures only these: ${COMPLETION-CANDIDATES}. With commas between them.")
    private @Nullable Set<Part> only;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        DatabaseUrl url = options.url();
        PeersSettings settings = quick ? PeersSettings.QUICK : PeersSettings.FULL;
        Set<Part> parts = EnumSet.copyOf(only == null ? EnumSet.allOf(Part.class) : only);
        PeersReport report = new PeersReport(spec.commandLine().getOut(), url instanceof DatabaseUrl.Postgres);
        boolean exact = measure(url, options.given(), parts, settings, report);
        String further = (quick ? " --quick" : "") + (only == null ? "" : " --only " + join(parts));
        options.write("./benchmark peers", further, settings.asMap(), report.figures());
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
