package io.cloacina.benchmarks;

import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What benchmarks are told that kill processes. A mixin of picocli. */
public final class KillOptions {
    private static final int MOST_PROCESSES = 100;
    private static final int MOST_MINUTES = 10_000;
    private static final int MOST_SEED = 1_000_000;

    @Option(
            names = "--processes",
            paramLabel = "N",
            description = "How many JVMs run at once. Default: ${DEFAULT-VALUE}.")
    private int processes = 3;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long they are killed, such as 0.5. Default: ${DEFAULT-VALUE}.")
    private double minutes = 1;

    @Option(names = "--seed", paramLabel = "S", description = "Repeats the random decisions of a run that printed it.")
    private @Nullable Long seed;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    private CommandSpec mixee;

    /**
     * Checks them.
     *
     * @throws ParameterException if one of them makes no sense
     */
    public void check() {
        require(processes >= 1 && processes <= MOST_PROCESSES, "--processes: a number from 1 to 100");
        require(minutes > 0 && minutes <= MOST_MINUTES, "--minutes: more than 0 and at most 10,000");
    }

    /**
     * Requires something of them.
     *
     * @throws ParameterException that says so, unless the condition holds
     */
    public void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(mixee.commandLine(), otherwise);
        }
    }

    /** How many JVMs run at once. */
    public int processes() {
        return processes;
    }

    /** How long they are killed. */
    public Duration duration() {
        return Duration.ofMillis((long) (minutes * 60_000));
    }

    /** The given seed, or another one each time. */
    public long seed() {
        return seed != null ? seed : new Random().nextInt(MOST_SEED);
    }

    /** The options that repeat a run, each after a space. */
    public String further(long itsSeed) {
        return " --processes " + processes + " --minutes " + minutes + " --seed " + itsSeed;
    }
}
