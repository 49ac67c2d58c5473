package io.cloacina.benchmarks.engine;

import io.cloacina.benchmarks.DatabaseOptions;
import io.cloacina.benchmarks.Place;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli before it runs
    private DatabaseOptions options;

    @Option(names = "--quick", description = "Measures less: in a few minutes, and less steady.")
    private boolean quick;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many tasks run at once. Default: ${DEFAULT-VALUE}.")
    private int slots;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "PART",
            description = "Measures only these: ${COMPLETION-CANDIDATES}. With commas between them.")
    private @Nullable Set<Part> only;

    @Option(
            names = "--processes",
            paramLabel = "N",
            description =
                    "Measures instead how many executions that many processes submit and await in sum, and one alone.")
    private @Nullable Integer processes;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "Measures instead so many minutes of load, and prints the rate of each. With"
                    + " --held-transaction: how long that is open.")
    private @Nullable Integer minutes;

    @Option(
            names = "--held-transaction",
            description = "Measures instead the latency beside a transaction that is not ended, beside four, and"
                    + " without.")
    private boolean heldTransaction;

    @Option(
            names = "--costs",
            description = "Measures instead what metrics, an interceptor and an MDC cost, and 20 open pages.")
    private boolean costs;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        DatabaseUrl url = options.url();
        DatabaseUrl.Postgres postgres = url instanceof DatabaseUrl.Postgres server ? server : null;
        if (slots < 1 || slots > 10_000) {
            throw refused("--slots: a number from 1 to 10,000");
        }
        if (processes != null && (processes < 1 || processes > 64)) {
            throw refused("--processes: a number from 1 to 64");
        }
        if (minutes != null && (minutes < 1 || minutes > 1_440)) {
            throw refused("--minutes: a number from 1 to 1,440");
        }
        EngineSettings settings = quick ? EngineSettings.quick(slots) : EngineSettings.full(slots);
        Set<Part> all = isLong() ? EnumSet.noneOf(Part.class) : EnumSet.allOf(Part.class);
        Set<Part> parts = only == null ? all : only;
        EngineReport report = new EngineReport(spec.commandLine().getOut(), postgres != null);
        try (Place place = Place.of(url, options.given())) {
            new EngineRun(place, settings, parts, report).run();
            runLong(new LongRun(place, settings, report));
            if (costs) {
                new Costs(place, settings, report).run();
            }
        }
        String further = " --slots " + slots + (quick ? " --quick" : "") + (only == null ? "" : " --only " + join(only))
                + (processes == null ? "" : " --processes " + processes)
                + (minutes == null ? "" : " --minutes " + minutes)
                + (heldTransaction ? " --held-transaction" : "")
                + (costs ? " --costs" : "");
        options.write("./benchmark engine", further, settings.asMap(), report.figures());
        return 0;
    }

    private boolean isLong() {
        return processes != null || minutes != null || heldTransaction || costs;
    }

    private void runLong(LongRun run) throws IOException, SQLException, InterruptedException {
        if (processes != null) {
            run.processes(processes, quick ? 5 : 20, quick ? 3 : 10);
        }
        if (heldTransaction) {
            run.heldTransaction(minutes);
        } else if (minutes != null) {
            run.minutes(minutes);
        }
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private static String join(Set<Part> parts) {
        return parts.stream().map(Part::name).collect(Collectors.joining(","));
    }
}
