package io.cloacina.crash;

import io.cloacina.benchmarks.DatabaseOptions;
import io.cloacina.benchmarks.Figure;
import io.cloacina.benchmarks.Place;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
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

/** Deploys versions of a workflow while executions of it are under way. */
@Command(
        name = "deploy",
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        sortOptions = false,
        usageHelpAutoWidth = true,
        description = {
            "Deploys five versions of a workflow while executions wait, run and sleep in it.",
            "",
            "Two JVMs run it and are replaced one after the other by the next version; half of them are killed with kill -9."
                    + " The fourth version renames a task and the fifth one takes that back, so some executions can be"
                    + " continued by their own version only: the log must say why, and they must end when that version is"
                    + " started again. All others must end with the last version. With a violation the exit code is 1."
        })
final class DeployCommand implements Callable<Integer> {
    private static final int SHOWN = 50;
    private static final int MOST_EXECUTIONS = 10_000;

    @Mixin
    @SuppressWarnings("NullAway.Init") // made by picocli before it runs
    private DatabaseOptions options;

    @Option(
            names = "--executions",
            paramLabel = "N",
            description = "How many executions are submitted. Default: ${DEFAULT-VALUE}.")
    private int executions = 1_000;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "From the first version to the last one, such as 0.5. Default: ${DEFAULT-VALUE}.")
    private double minutes = 1;

    @Option(names = "--seed", paramLabel = "S", description = "Repeats the random decisions of a run that printed it.")
    private @Nullable Long seed;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        require(executions >= 1 && executions <= MOST_EXECUTIONS, "--executions: a number from 1 to 10,000");
        require(minutes > 0 && minutes <= MOST_EXECUTIONS, "--minutes: more than 0 and at most 10,000");
        DeployRun.Settings settings = new DeployRun.Settings(
                executions,
                Duration.ofMillis((long) (minutes * 60_000)),
                seed == null ? new Random().nextInt(1_000_000) : seed,
                Duration.ofMinutes(3));
        DeployRun.Outcome outcome =
                run(settings, options.url(), options.given(), spec.commandLine().getOut());
        options.write(
                "./crash-test deploy",
                " --executions " + executions + " --minutes " + minutes + " --seed " + settings.seed(),
                settings.asMap(),
                List.of(
                        new Figure("deploy.violations", outcome.violations().size(), "", null, null, 0.0),
                        Figure.of("deploy.executions", outcome.executions(), ""),
                        Figure.of("deploy.changed", outcome.changed(), ""),
                        Figure.of("deploy.left", outcome.left(), ""),
                        Figure.of("deploy.kills", outcome.kills(), "")));
        return outcome.violations().isEmpty() ? 0 : 1;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    /**
     * Runs it and prints what it came to.
     *
     * @param given {@code url} as it was given; both are null for a temporary SQLite file
     */
    static DeployRun.Outcome run(
            DeployRun.Settings settings, @Nullable DatabaseUrl url, @Nullable String given, PrintWriter out)
            throws IOException, SQLException, InterruptedException {
        print(
                out,
                "%s, %d executions, %d s, seed %d%n",
                url instanceof DatabaseUrl.Postgres ? "PostgreSQL" : "SQLite",
                settings.executions(),
                settings.duration().toSeconds(),
                settings.seed());
        Path folder = Files.createTempDirectory("cloacina-deploy");
        try (Place place = Place.of(url, given)) {
            DeployRun.Outcome outcome =
                    new DeployRun(settings, place.url("deploy"), folder, text -> print(out, "  %s%n", text)).run();
            print(out, "  processes %,d, of these killed -9 %,d%n", outcome.processes(), outcome.kills());
            print(
                    out,
                    "  executions %,d, continued with another version %,d, waited for their own %,d%n",
                    outcome.executions(),
                    outcome.changed(),
                    outcome.left());
            print(
                    out,
                    "  violations %,d: target 0: %s%n",
                    outcome.violations().size(),
                    outcome.violations().isEmpty() ? "met" : "missed");
            outcome.violations().stream().limit(SHOWN).forEach(violation -> print(out, "    %s%n", violation));
            if (outcome.violations().isEmpty()) {
                CrashCommand.delete(folder);
            } else {
                print(out, "  the logs of the processes are in %s%n", folder);
            }
            return outcome;
        }
    }

    private static void print(PrintWriter out, String format, Object... values) {
        out.printf(Locale.ROOT, format, values);
        out.flush();
    }
}
