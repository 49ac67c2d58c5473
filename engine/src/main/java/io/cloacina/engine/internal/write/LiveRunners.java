package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.Processes;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.model.Runner;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The runners of a database, for code that only reads: a runner is alive if its lease has not expired by the clock of
 * the database, unless the operating system of this host reports its process as gone. Recovery decides otherwise, see
 * {@link Liveness}. Immutable.
 *
 * @param now the time of the database
 * @param all all stored runners, in the order in which they started
 * @param gone those whose processes ran on this host and have ended
 */
public record LiveRunners(UniversalTimestamp now, List<RunnerStore.Stored> all, Set<UniversalUuid> gone) {
    /** Reads the runners of the database. */
    public static LiveRunners read(Reading reading) {
        UniversalTimestamp now =
                reading.list(RunnerStore.DATABASE_CLOCK, NoArgument.NONE).get(0);
        List<RunnerStore.Stored> all = reading.list(RunnerStore.ALL, NoArgument.NONE);
        Set<UniversalUuid> gone = all.stream()
                .filter(runner -> Processes.OF_THIS_HOST.isGone(runner.process()))
                .map(RunnerStore.Stored::id)
                .collect(Collectors.toUnmodifiableSet());
        return new LiveRunners(now, all, gone);
    }

    /** As {@link #read(Reading)}, outside of a transaction. */
    public static LiveRunners read(Database database) {
        return read(database::list);
    }

    /** Whether the lease of a runner has not expired, and its process is not known to have ended. */
    public boolean isAlive(RunnerStore.Stored runner) {
        return runner.leaseExpiresAt().compareTo(now) > 0 && !gone.contains(runner.id());
    }

    /** All runners, as applications see them. */
    public List<Runner> runners() {
        return all.stream().map(runner -> runner.runner(isAlive(runner))).toList();
    }

    /** The runners that are alive. */
    public List<RunnerStore.Stored> alive() {
        return all.stream().filter(this::isAlive).toList();
    }

    /** The runners that are alive and have a workflow in that version. */
    public List<RunnerStore.Stored> having(String workflow, String version) {
        return alive().stream()
                .filter(runner -> Workflows.has(runner.workflows(), workflow, version))
                .toList();
    }

    /** Whether a runner that is alive has a workflow in that version. */
    public boolean have(String workflow, String version) {
        return !having(workflow, version).isEmpty();
    }

    /** The versions of a workflow that live runners have. */
    public List<String> versions(String workflow) {
        TreeSet<String> versions = new TreeSet<>();
        alive().forEach(runner -> versions.addAll(Workflows.versions(runner.workflows(), workflow)));
        return List.copyOf(versions);
    }

    /** The runner with that id, dead or alive. */
    public Optional<RunnerStore.Stored> find(UniversalUuid id) {
        return all.stream().filter(runner -> runner.id().equals(id)).findFirst();
    }

    /** How long ago a runner renewed its lease; zero if the clock was set back. */
    public Duration leaseAge(RunnerStore.Stored runner) {
        Duration age = Duration.between(runner.heartbeatAt().toInstant(), now.toInstant());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
