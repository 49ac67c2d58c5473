package io.cloacina.benchmarks.cron;

import io.cloacina.benchmarks.DatabaseOptions;
import io.cloacina.benchmarks.Figure;
import io.cloacina.benchmarks.KillOptions;
import io.cloacina.benchmarks.Place;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fires many schedules from processes that are killed, and looks whether each occurrence was there once. */
@Command(
        name = "cron",
        description = {
            "Fires many schedules from processes that are killed, and looks whether each occurrence was there once.",
            "",
            "Each schedule fires every minute, and they are spread over its seconds. JVMs on one database fire them; one after"
                    + " the other is killed with kill -9 and replaced. Then none is killed for a while, in which it is measured"
                    + " how late occurrences are. At last the tables are compared with the times of all schedules. On"
                    + " PostgreSQL the transactions are counted of a minute in which nothing is due. Each violation is"
                    + " described; with one the exit code is 1."
        })
public final class CronCommand implements Callable<Integer> {
    private static final int SHOWN = 50;
    private static final double LATE_TARGET_MILLIS = 50;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli before it runs
    private DatabaseOptions options;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli before it runs
    private KillOptions kills;

    @Option(
            names = "--schedules",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many schedules there are. Default: ${DEFAULT-VALUE}.")
    private int schedules;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        DatabaseUrl url = options.url();
        kills.require(schedules >= 1 && schedules <= 1_000_000, "--schedules: a number from 1 to 1,000,000");
        kills.check();
        CronRun.Settings settings = CronRun.Settings.of(schedules, kills.processes(), kills.duration(), kills.seed());
        CronOutcome outcome =
                run(settings, url, options.given(), spec.commandLine().getOut());
        options.write("./benchmark cron", further(settings), settings.asMap(), figures(outcome));
        return outcome.violations().isEmpty() ? 0 : 1;
    }

    /**
     * Runs it and prints what it came to.
     *
     * @param given {@code url} as it was given; both are null for a temporary SQLite file
     */
    static CronOutcome run(
            CronRun.Settings settings, @Nullable DatabaseUrl url, @Nullable String given, PrintWriter out)
            throws IOException, SQLException, InterruptedException {
        print(
                out,
                "%s, %,d schedules, %d processes, %d s, seed %d%n",
                url instanceof DatabaseUrl.Postgres ? "PostgreSQL" : "SQLite",
                settings.schedules(),
                settings.processes(),
                settings.duration().toSeconds(),
                settings.seed());
        try (Place place = Place.of(url, given)) {
            CronOutcome outcome = new CronRun(settings, place.url("cron"), text -> print(out, "  %s%n", text)).run();
            print(out, "  killed -9 %,d, occurrences %,d%n", outcome.kills(), outcome.occurrences());
            print(
                    out,
                    "  late while none was killed: median %,.1f ms, 99%% %,.1f ms, most %,.1f ms%n",
                    outcome.lateMillis().median(),
                    outcome.lateMillis().quantile(0.99),
                    outcome.lateMillis().maximum());
            print(
                    out,
                    "  late in all: median %,.1f ms, 99%% %,.1f ms, most %,.1f ms%n",
                    outcome.lateInAllMillis().median(),
                    outcome.lateInAllMillis().quantile(0.99),
                    outcome.lateInAllMillis().maximum());
            if (outcome.idleTransactions() != null) {
                print(out, "  nothing due: %,.0f transactions a minute%n", outcome.idleTransactions());
            }
            print(
                    out,
                    "  violations %,d: target 0: %s%n",
                    outcome.violations().size(),
                    outcome.violations().isEmpty() ? "met" : "missed");
            outcome.violations().stream().limit(SHOWN).forEach(violation -> print(out, "    %s%n", violation));
            return outcome;
        }
    }

    private static List<Figure> figures(CronOutcome outcome) {
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("cron.violations", outcome.violations().size(), "", null, null, 0.0));
        figures.add(Figure.of("cron.kills", outcome.kills(), ""));
        figures.add(Figure.of("cron.occurrences", (double) outcome.occurrences(), ""));
        figures.add(Figure.of("cron.late_p50_ms", outcome.lateMillis().median(), "ms"));
        figures.add(new Figure(
                "cron.late_p99_ms", outcome.lateMillis().quantile(0.99), "ms", null, null, LATE_TARGET_MILLIS));
        figures.add(Figure.of(
                "cron.late_with_kills_p99_ms", outcome.lateInAllMillis().quantile(0.99), "ms"));
        if (outcome.idleTransactions() != null) {
            figures.add(Figure.of("cron.idle_transactions_per_minute", outcome.idleTransactions(), "1/min"));
        }
        return figures;
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
        out.flush();
    }

    private String further(CronRun.Settings settings) {
        return " --schedules " + schedules + kills.further(settings.seed());
    }
}
