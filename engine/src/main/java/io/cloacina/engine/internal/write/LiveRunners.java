package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.model.Runner;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The runners of a database, for code that only reads: a runner is alive if its lease has not expired by the clock of
 * the database. Recovery decides otherwise, see {@link Liveness}. Immutable.
 *
 * @param now the time of the database
 * @param all all stored runners, in the order in which they started
 */
public record LiveRunners(UniversalTimestamp now, List<RunnerStore.Stored> all) {
    /** Reads the runners of the database. */
    public static LiveRunners read(Reading reading) {
        return new LiveRunners(
                reading.list(RunnerStore.DATABASE_CLOCK, NoArgument.NONE).get(0),
                reading.list(RunnerStore.ALL, NoArgument.NONE));
    }

    /** As {@link #read(Reading)}, outside of a transaction. */
    public static LiveRunners read(Database database) {
        return read(database::list);
    }

    /** Whether the lease of a runner has not expired. */
    public boolean isAlive(RunnerStore.Stored runner) {
        return runner.leaseExpiresAt().compareTo(now) > 0;
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
