package io.cloacina.benchmarks.cron;

import io.cloacina.benchmarks.DatabaseOptions;
import io.cloacina.benchmarks.Figure;
import io.cloacina.benchmarks.Place;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    @Option(
            names = "--schedules",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many schedules there are; ${DEFAULT-VALUE} unless said.")
    private int schedules;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many JVMs run at once; ${DEFAULT-VALUE} unless said.")
    private int processes;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "2",
            description = "How long they are killed, such as 0.5; ${DEFAULT-VALUE} unless said.")
    private double minutes;

    @Option(names = "--seed", paramLabel = "S", description = "Repeats the random decisions of a run that printed it.")
    private @Nullable Long seed;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        DatabaseUrl url = options.url();
        require(schedules >= 1 && schedules <= 1_000_000, "--schedules: a number from 1 to 1,000,000");
        require(processes >= 1 && processes <= 100, "--processes: a number from 1 to 100");
        require(minutes > 0 && minutes <= 10_000, "--minutes: more than 0 and at most 10,000");
        CronRun.Settings settings = new CronRun.Settings(
                schedules,
                processes,
                Duration.ofMillis((long) (minutes * 60_000)),
                seed != null ? seed : new Random().nextInt(1_000_000),
                5_000);
        CronOutcome outcome = run(settings, url);
        options.write("./benchmark cron", further(settings), settings.asMap(), figures(outcome));
        return outcome.violations().isEmpty() ? 0 : 1;
    }

    private CronOutcome run(CronRun.Settings settings, @Nullable DatabaseUrl url)
            throws IOException, SQLException, InterruptedException {
        print(
                "%s, %,d schedules, %d processes, %d s, seed %d%n",
                url instanceof DatabaseUrl.Postgres ? "PostgreSQL" : "SQLite",
                settings.schedules(),
                settings.processes(),
                settings.duration().toSeconds(),
                settings.seed());
        try (Place place = Place.of(url, options.given())) {
            CronOutcome outcome = new CronRun(settings, place.url("cron"), text -> print("  %s%n", text)).run();
            print("  killed -9 %,d, occurrences %,d%n", outcome.kills(), outcome.occurrences());
            print(
                    "  late while none was killed: median %,.1f ms, 99%% %,.1f ms, most %,.1f ms%n",
                    outcome.lateMillis().median(),
                    outcome.lateMillis().quantile(0.99),
                    outcome.lateMillis().maximum());
            print(
                    "  late in all: median %,.1f ms, 99%% %,.1f ms, most %,.1f ms%n",
                    outcome.lateInAllMillis().median(),
                    outcome.lateInAllMillis().quantile(0.99),
                    outcome.lateInAllMillis().maximum());
            if (outcome.idleTransactions() != null) {
                print("  nothing due: %,.0f transactions a minute%n", outcome.idleTransactions());
            }
            print(
                    "  violations %,d: target 0: %s%n",
                    outcome.violations().size(), outcome.violations().isEmpty() ? "met" : "missed");
            outcome.violations().stream().limit(SHOWN).forEach(violation -> print("    %s%n", violation));
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

    private void print(String format, Object... values) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format, values);
        out.flush();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private String further(CronRun.Settings settings) {
        return " --schedules " + schedules + " --processes " + processes + " --minutes " + minutes + " --seed "
                + settings.seed();
    }
}
