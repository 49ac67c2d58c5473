package io.cloacina.crash;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.benchmarks.FreshJvm;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Deploys five versions of a workflow, one after the other, while executions wait, run and sleep in it. Two processes run them and
 * are replaced in turn, each either closed or killed. In the end only the last version runs: all must end with it, except those
 * that it cannot continue; and these must end when a process with their version is started beside it.
 */
final class DeployRun {
    private static final long LOOK_MILLIS = 100;
    private static final int PAGE = 10_000;
    private static final int WAITING_SHARE = 10;

    private final Settings settings;
    private final String url;
    private final Path folder;
    private final Consumer<String> progress;
    private final Random random;
    private final Map<Process, Integer> running = new HashMap<>();
    private final List<UUID> submitted = new ArrayList<>();
    private final Set<UUID> signalled = new HashSet<>();
    private int started;
    private int kills;

    /**
     * What is done.
     *
     * @param executions how many are submitted
     * @param duration from the first version to the last one
     * @param limit how long the end may take, besides what the last ones sleep
     */
    record Settings(int executions, Duration duration, long seed, Duration limit) {
        /** From one replacement of a process to the next one; each version replaces both. */
        private Duration step() {
            return duration.dividedBy(2L * DeployedVersions.LAST);
        }

        /** How long a task of each execution sleeps: through more than one version. */
        private Duration rest() {
            return duration.dividedBy(3);
        }

        Map<String, Object> asMap() {
            return Map.of("executions", executions, "seconds", duration.toSeconds(), "seed", seed);
        }
    }

    /**
     * What came of it.
     *
     * @param changed executions that ended with another version than they began with
     * @param left executions that waited for a process with their own version
     */
    record Outcome(int executions, int kills, int processes, int changed, int left, List<String> violations) {}

    DeployRun(Settings settings, String url, Path folder, Consumer<String> progress) {
        this.settings = settings;
        this.url = url;
        this.folder = folder;
        this.progress = progress;
        this.random = new Random(settings.seed());
    }

    Outcome run() throws IOException, InterruptedException {
        try (Database database = Database.open(url, Migrator.STATEMENTS)) {
            Migrator.migrate(database);
        }
        try (Engine client = Engine.builder(url).client().start()) {
            deployAll(client);
            List<String> violations = new ArrayList<>();
            progress.accept("only version " + DeployedVersions.LAST + " runs; waiting for what it can continue");
            signalAll(client);
            if (!await(() -> unfinished(client).stream().allMatch(DeployRun::isLeft))) {
                unfinished(client).stream()
                        .filter(execution -> !isLeft(execution))
                        .forEach(execution -> violations.add("execution " + execution.id() + " of version "
                                + execution.version() + " did not end: " + tasks(client, execution)));
            }
            List<Execution> left = unfinished(client);
            if (!left.isEmpty() && !await(this::isLeftExplained)) {
                violations.add("no log says why executions of version " + DeployedVersions.RENAMED + " wait");
            }
            progress.accept("executions that wait for version " + DeployedVersions.RENAMED + ": " + left.size());
            start(DeployedVersions.RENAMED);
            if (!await(() -> unfinished(client).isEmpty())) {
                unfinished(client)
                        .forEach(execution -> violations.add("execution " + execution.id() + " did not end with its own"
                                + " version: " + tasks(client, execution)));
            }
            int changed = judge(client, violations);
            closeAll();
            return new Outcome(submitted.size(), kills, started, changed, left.size(), violations);
        } finally {
            running.keySet().forEach(Process::destroyForcibly);
        }
    }

    private void deployAll(Engine client) throws IOException, InterruptedException {
        List<Process> both = new ArrayList<>(List.of(start(1), start(1)));
        await(() -> client.runners().size() == 2);
        long begin = System.nanoTime();
        for (int step = 2; step < 2 * DeployedVersions.LAST; step++) {
            work(client, begin, step - 1);
            // The new one first, as a rolling deployment does.
            Process fresh = start(step / 2 + 1);
            end(both.set(step % 2, fresh));
        }
        work(client, begin, 2 * DeployedVersions.LAST);
    }

    /** Submits and signals until a number of steps is over. */
    private void work(Engine client, long begin, int steps) throws InterruptedException {
        long end = begin + settings.step().multipliedBy(steps).toNanos();
        while (System.nanoTime() < end) {
            double share =
                    (System.nanoTime() - begin) / (double) settings.duration().toNanos();
            while (submitted.size() < Math.min(1, share) * settings.executions()) {
                submitted.add(client.submit(DeployedVersions.NAME, Map.of("number", submitted.size())));
            }
            // However long it takes, each version leaves some to the next one that still wait.
            while (signalled.size() < submitted.size() - settings.executions() / WAITING_SHARE) {
                signal(client, submitted.get(random.nextInt(submitted.size())));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void signalAll(Engine client) {
        while (submitted.size() < settings.executions()) {
            submitted.add(client.submit(DeployedVersions.NAME, Map.of("number", submitted.size())));
        }
        submitted.forEach(id -> signal(client, id));
    }

    private void signal(Engine client, UUID id) {
        if (signalled.add(id)) {
            try {
                client.signal(id, DeployedVersions.SIGNAL, null);
            } catch (ExecutionStateException e) {
                throw new IllegalStateException("execution " + id + " ended before it was signalled", e);
            }
        }
    }

    private static boolean isLeft(Execution execution) {
        return execution.version().equals(String.valueOf(DeployedVersions.RENAMED));
    }

    private static List<Execution> unfinished(Engine client) {
        return client.list(ExecutionQuery.all()
                .workflow(DeployedVersions.NAME)
                .unfinished()
                .limit(10_000));
    }

    private static List<String> tasks(Engine client, Execution execution) {
        return client.tasks(execution.id()).stream()
                .map(task -> task.name() + " " + task.status())
                .toList();
    }

    private Process start(int version) throws IOException {
        int number = started++;
        List<String> command = new ArrayList<>(FreshJvm.command(
                DeployedProcess.class, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(List.of(
                url,
                String.valueOf(version),
                String.valueOf(settings.rest().toMillis()),
                folder.resolve(number + ".ran").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(number + ".log").toFile())
                .start();
        running.put(process, number);
        return process;
    }

    /** Half of them are killed. */
    private void end(Process process) throws IOException, InterruptedException {
        if (random.nextBoolean()) {
            process.destroyForcibly();
            kills++;
        } else {
            process.outputWriter().close();
        }
        process.waitFor();
        running.remove(process);
    }

    private void closeAll() throws IOException, InterruptedException {
        for (Process process : running.keySet()) {
            process.outputWriter().close();
        }
        for (Process process : running.keySet()) {
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private boolean await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + settings.limit().plus(settings.rest()).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return true;
    }

    private boolean isLeftExplained() {
        return running.values().stream()
                .flatMap(number -> lines(folder.resolve(number + ".log")))
                .anyMatch(line -> line.contains("version " + DeployedVersions.RENAMED + ", which no runner has")
                        && DeployedVersions.WHY_NOT.stream().anyMatch(line::contains));
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares the tables with what the processes wrote; returns how many executions ended with another version. */
    private int judge(Engine client, List<String> violations) throws IOException {
        Map<String, Long> begun;
        try (Stream<Path> files = Files.list(folder)) {
            begun = files.filter(file -> file.toString().endsWith(".ran"))
                    .flatMap(DeployRun::lines)
                    .collect(Collectors.groupingBy(line -> line, Collectors.counting()));
        }
        List<Execution> all =
                client.list(ExecutionQuery.all().workflow(DeployedVersions.NAME).limit(PAGE));
        if (all.size() != submitted.size()) {
            violations.add("executions in the tables: " + all.size() + ", submitted: " + submitted.size());
        }
        int changed = 0;
        for (Execution execution : all) {
            if (execution.status() != ExecutionStatus.COMPLETED) {
                violations.add("execution " + execution.id() + " is " + execution.status() + ": " + execution.error());
            }
            changed += client.recoveries(execution.id()).stream()
                            .anyMatch(event ->
                                    event.details() != null && event.details().contains("\"to\""))
                    ? 1
                    : 0;
            Set<String> names = new HashSet<>();
            for (TaskExecution task : client.tasks(execution.id())) {
                names.add(task.name());
                long times = begun.getOrDefault(execution.id() + " " + task.name(), 0L);
                if (task.status() != TaskStatus.COMPLETED) {
                    violations.add("task " + task.name() + " of execution " + execution.id() + " is " + task.status());
                }
                if (times < 1 || times > task.attempt()) {
                    violations.add("task " + task.name() + " of execution " + execution.id() + " ran " + times
                            + " times, and the table knows of " + task.attempt() + " attempts");
                }
            }
            DeployedVersions.of(Integer.parseInt(execution.version()), Duration.ofSeconds(1), context -> {})
                    .tasks()
                    .forEach(task -> {
                        if (!names.contains(task.name())) {
                            violations.add("execution " + execution.id() + " of version " + execution.version()
                                    + " has no task " + task.name());
                        }
                    });
        }
        return changed;
    }
}
