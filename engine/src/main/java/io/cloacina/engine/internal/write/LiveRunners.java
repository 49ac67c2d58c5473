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
 * The runners of a database as somebody sees them who only looks: which of them live is told by their leases and the clock of the
 * database. Nothing is recovered for it; for that see {@link Liveness}. Immutable.
 *
 * @param now the time of the database
 * @param all those that are stored, in the order in which they started
 */
public record LiveRunners(UniversalTimestamp now, List<RunnerStore.Stored> all) {
    /** As they are now. */
    public static LiveRunners read(Reading reading) {
        return new LiveRunners(
                reading.list(RunnerStore.DATABASE_CLOCK, NoArgument.NONE).get(0),
                reading.list(RunnerStore.ALL, NoArgument.NONE));
    }

    /** As they are now, outside of a transaction. */
    public static LiveRunners read(Database database) {
        return read(database::list);
    }

    /** Whether its lease is not over. */
    public boolean isAlive(RunnerStore.Stored runner) {
        return runner.leaseExpiresAt().compareTo(now) > 0;
    }

    /** All of them, as applications see them. */
    public List<Runner> runners() {
        return all.stream().map(runner -> runner.runner(isAlive(runner))).toList();
    }

    /** Those whose leases are not over. */
    public List<RunnerStore.Stored> alive() {
        return all.stream().filter(this::isAlive).toList();
    }

    /** Those that have a workflow in that version. */
    public List<RunnerStore.Stored> having(String workflow, String version) {
        return alive().stream()
                .filter(runner -> Workflows.has(runner.workflows(), workflow, version))
                .toList();
    }

    /** Whether one has it. */
    public boolean have(String workflow, String version) {
        return !having(workflow, version).isEmpty();
    }

    /** The versions of a workflow that they have. */
    public List<String> versions(String workflow) {
        TreeSet<String> versions = new TreeSet<>();
        alive().forEach(runner -> versions.addAll(Workflows.versions(runner.workflows(), workflow)));
        return List.copyOf(versions);
    }

    /** The runner of that id, dead or alive. */
    public Optional<RunnerStore.Stored> find(UniversalUuid id) {
        return all.stream().filter(runner -> runner.id().equals(id)).findFirst();
    }

    /** How long ago it renewed its lease; zero if a clock was set back. */
    public Duration leaseAge(RunnerStore.Stored runner) {
        Duration age = Duration.between(runner.heartbeatAt().toInstant(), now.toInstant());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
