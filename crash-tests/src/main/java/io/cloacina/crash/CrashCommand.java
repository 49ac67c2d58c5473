package io.cloacina.crash;

import io.cloacina.benchmarks.DatabaseOptions;
import io.cloacina.benchmarks.Figure;
import io.cloacina.benchmarks.KillOptions;
import io.cloacina.benchmarks.Place;
import io.cloacina.benchmarks.Samples;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Kills processes that run workflows, and looks for what that broke. */
@Command(
        name = "./crash-test",
        mixinStandardHelpOptions = true,
        version = "Cloacina crash tests",
        subcommands = DeployCommand.class,
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Kills processes that run workflows, and looks for what that broke.",
            "",
            "Several JVMs on one database submit and run workflows with every feature. They are killed with kill -9 at random"
                    + " times, end themselves at points of a task's life, and are stopped for longer than their lease; each is"
                    + " replaced. Leases look as if the clock of the database had been set by hours."
                    + " On PostgreSQL connections are cut as well, and the server is restarted if it is said how."
                    + " What happened is written to files outside the engine. At last everything has to end, and the files"
                    + " are compared with the tables. Each violation is described; with one the exit code is 1."
        })
public final class CrashCommand implements Callable<Integer> {
    private static final int SHOWN = 50;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli before it runs
    private DatabaseOptions options;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli before it runs
    private KillOptions kills;

    @Option(
            names = "--restart-command",
            paramLabel = "CMD",
            description = "Restarts the PostgreSQL server; it is run by sh twice.")
    private @Nullable String restartCommand;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    /** Runs it and ends the JVM: 0 if no promise was broken, 1 if one was or it failed, 2 if the arguments were not understood. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new CrashCommand())
                .setParameterExceptionHandler((e, given) -> {
                    e.getCommandLine().getErr().println(e.getMessage() + " (see --help)");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("the crash test failed: " + e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        DatabaseUrl url = options.url();
        DatabaseUrl.Postgres postgres = url instanceof DatabaseUrl.Postgres server ? server : null;
        kills.require(
                restartCommand == null || postgres != null,
                "--restart-command: there is no server to restart; give a PostgreSQL --database");
        kills.check();
        CrashSettings settings = new CrashSettings(
                kills.processes(),
                kills.duration(),
                kills.seed(),
                restartCommand,
                40,
                3_000,
                2_000,
                true,
                Duration.ofSeconds(60));
        Outcome outcome = run(settings, url, options.given(), spec.commandLine().getOut());
        options.write("./crash-test", further(settings), settings.asMap(), figures(outcome));
        return outcome.violations().isEmpty() ? 0 : 1;
    }

    /**
     * Runs it and prints what it came to.
     *
     * @param given {@code url} as it was given; both are null for a temporary SQLite file
     */
    static Outcome run(CrashSettings settings, @Nullable DatabaseUrl url, @Nullable String given, PrintWriter out)
            throws IOException, SQLException, InterruptedException {
        DatabaseUrl.Postgres postgres = url instanceof DatabaseUrl.Postgres server ? server : null;
        print(
                out,
                "%s, %d processes, %d s, seed %d%n",
                postgres == null ? "SQLite" : "PostgreSQL",
                settings.processes(),
                settings.duration().toSeconds(),
                settings.seed());
        Path folder = Files.createTempDirectory("cloacina-crash");
        try (Place place = Place.of(url, given)) {
            String name = "cloacina-crash-" + ProcessHandle.current().pid();
            String own = place.url("crash") + (postgres == null ? "" : "&ApplicationName=" + name);
            Outcome outcome = new CrashRun(
                            settings, own, postgres == null ? null : name, folder, text -> print(out, "  %s%n", text))
                    .run();
            print(outcome, folder, out);
            return outcome;
        }
    }

    private static void print(Outcome outcome, Path folder, PrintWriter out) throws IOException {
        Outcome.Harm harm = outcome.harm();
        print(
                out,
                "  killed -9 %,d, ended at a point %,d, stopped beyond the lease %,d%n",
                harm.kills(),
                harm.suicides(),
                harm.stalls());
        print(
                out,
                "  connections cut %,d, server restarts %,d, clock set by hours %,d, processes in all %,d%n",
                harm.cuts(),
                harm.restarts(),
                harm.clockSteps(),
                harm.processes());
        print(
                out,
                "  executions %,d, tasks %,d, attempts %,d%n",
                outcome.executions(),
                outcome.tasks(),
                outcome.attempts());
        print(
                out,
                "  tasks recovered %,d, of these from live processes %,d, given up after too many deaths %,d%n",
                outcome.recoveries(),
                outcome.recoveriesFromLive(),
                outcome.abandoned());
        if (!outcome.rerunMillis().isEmpty()) {
            Samples reruns = reruns(outcome);
            print(
                    out,
                    "  from a kill to the re-run of what was lost: median %,.0f ms, slowest %,.0f ms%n",
                    reruns.median(),
                    reruns.maximum());
        }
        print(out, "  everything had ended %.1f s after the last kill%n", outcome.drainSeconds());
        print(
                out,
                "  violations %,d: target 0: %s%n",
                outcome.violations().size(),
                outcome.violations().isEmpty() ? "met" : "missed");
        outcome.violations().stream().limit(SHOWN).forEach(violation -> print(out, "    %s%n", violation));
        if (outcome.violations().isEmpty()) {
            delete(folder);
        } else {
            print(out, "  the histories and the logs of the processes are in %s%n", folder);
        }
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
        out.flush();
    }

    static List<Figure> figures(Outcome outcome) {
        Outcome.Harm harm = outcome.harm();
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("crash.violations", outcome.violations().size(), "", null, null, 0.0));
        figures.add(Figure.of("crash.kills", harm.kills() + harm.suicides(), ""));
        figures.add(Figure.of("crash.kills_at_random", harm.kills(), ""));
        figures.add(Figure.of("crash.kills_at_a_point", harm.suicides(), ""));
        figures.add(Figure.of("crash.stalls", harm.stalls(), ""));
        figures.add(Figure.of("crash.cut_connections", harm.cuts(), ""));
        figures.add(Figure.of("crash.server_restarts", harm.restarts(), ""));
        figures.add(Figure.of("crash.clock_steps", harm.clockSteps(), ""));
        figures.add(Figure.of("crash.executions", outcome.executions(), ""));
        figures.add(Figure.of("crash.tasks", outcome.tasks(), ""));
        figures.add(Figure.of("crash.attempts", outcome.attempts(), ""));
        figures.add(Figure.of("crash.recoveries", outcome.recoveries(), ""));
        figures.add(Figure.of("crash.recoveries_from_live", outcome.recoveriesFromLive(), ""));
        figures.add(Figure.of("crash.abandoned", outcome.abandoned(), ""));
        if (!outcome.rerunMillis().isEmpty()) {
            figures.add(Figure.of("crash.rerun_median_ms", reruns(outcome).median(), "ms"));
            figures.add(Figure.of("crash.rerun_slowest_ms", reruns(outcome).maximum(), "ms"));
        }
        figures.add(Figure.of("crash.drain_s", outcome.drainSeconds(), "s"));
        return figures;
    }

    private static Samples reruns(Outcome outcome) {
        return new Samples(
                outcome.rerunMillis().stream().mapToDouble(Double::doubleValue).toArray());
    }

    static void delete(Path folder) throws IOException {
        File[] files = folder.toFile().listFiles();
        for (File file : files == null ? new File[0] : files) {
            Files.deleteIfExists(file.toPath());
        }
        Files.deleteIfExists(folder);
    }

    private String further(CrashSettings settings) {
        return kills.further(settings.seed())
                + (restartCommand == null ? "" : " --restart-command '" + restartCommand + "'");
    }
}
