package io.cloacina.engine.internal.write;

import io.cloacina.api.ChildWorkflow;
import io.cloacina.api.InFlight;
import io.cloacina.api.TaskDefinition;
import io.cloacina.engine.internal.claim.StoredDefinition;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.DefinitionStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The definitions of workflows in the database. A runner stores the definitions of its workflows before its row says
 * that it has them. So every process can submit each workflow whose code any runner has. Thread safe.
 */
public final class Definitions {
    private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);

    /** How many workflows without code are remembered. */
    private static final int MAX_REMEMBERED = 1_000;

    private final Database database;
    private final Workflows workflows;
    private final Clock clock;
    private final ConcurrentHashMap<Remembered, Workflow> remembered = new ConcurrentHashMap<>();

    public Definitions(Database database, Workflows workflows, Clock clock) {
        this.database = database;
        this.workflows = workflows;
        this.clock = clock;
    }

    private static final Duration TOUCHED_AFTER = Duration.ofDays(1);

    /**
     * A stored definition that was read. The hash of its text belongs to the key: another program may replace the text.
     */
    private record Remembered(UniversalUuid id, int textHash, String version) {}

    /**
     * The workflow to submit by that name: this engine's own, or else the newest version that a live runner has, or
     * else the newest version that is stored.
     *
     * @throws UnknownWorkflowException if neither this engine nor the database has it
     */
    public Workflow named(Reading reading, String name) {
        return workflows.find(name).orElseGet(() -> elsewhere(reading, name));
    }

    /** As {@link #named(Reading, String)}, outside of a transaction. */
    public Workflow named(String name) {
        return named(database::list, name);
    }

    /** The workflow of a child. */
    public Workflow forChild(String name) {
        return workflows.findForChild(name).orElseGet(() -> elsewhere(database::list, name));
    }

    private Workflow elsewhere(Reading reading, String name) {
        List<DefinitionStore.Header> versions =
                reading.list(DefinitionStore.VERSIONS, Workflows.checkedName(name)).stream()
                        .filter(version -> !version.isDeleted())
                        .toList();
        if (versions.isEmpty()) {
            throw unknown(reading, name);
        }
        LiveRunners runners = LiveRunners.read(reading);
        DefinitionStore.Header chosen = versions.stream()
                .filter(version -> runners.have(name, version.version()))
                .findFirst()
                .orElse(versions.get(0));
        return reading.list(DefinitionStore.FIND, new DefinitionStore.Version(name, chosen.version())).stream()
                .findFirst()
                .map(stored -> withoutCode(stored, name, chosen.version()))
                .orElseThrow(() -> unknown(reading, name));
    }

    private Workflow withoutCode(DefinitionStore.Stored stored, String name, String version) {
        if (remembered.size() > MAX_REMEMBERED) {
            remembered.clear();
        }
        return remembered.computeIfAbsent(
                new Remembered(stored.id(), stored.json().hashCode(), version),
                absent -> Workflow.withoutCode(
                        StoredDefinition.parse(name, version, stored.json()),
                        stored.fromPackage(),
                        workflows.payloads()));
    }

    /** A version of a workflow: this engine's own, or the stored one without code. Empty if its package was deleted. */
    public Optional<Workflow> known(String name, String version) {
        Optional<Workflow> own = workflows.find(name, version);
        return own.isPresent() || versions(name).stream().noneMatch(each -> is(each, version))
                ? own
                : database.find(DefinitionStore.FIND, new DefinitionStore.Version(name, version))
                        .map(stored -> withoutCode(stored, name, version));
    }

    private static boolean is(DefinitionStore.Header header, String version) {
        return header.version().equals(version) && !header.isDeleted();
    }

    /**
     * The version of an execution: this engine's own, or the stored one without code, even if its package was deleted.
     */
    Optional<Workflow> ofExecution(ReadTransaction transaction, Execution execution) {
        String name = execution.workflow();
        String version = execution.version();
        Optional<Workflow> own = workflows.find(name, version);
        return own.isPresent()
                ? own
                : transaction
                        .find(DefinitionStore.FIND, new DefinitionStore.Version(name, version))
                        .map(stored -> withoutCode(stored, name, version));
    }

    /** Whether executions of a version stay with it, because it or the newest version is pinned. */
    public boolean isPinned(String name, String version, Workflow newest) {
        return newest.stored().inFlight() == InFlight.PINNED
                || find(name, version)
                        .filter(before -> before.inFlight() == InFlight.PINNED)
                        .isPresent();
    }

    /** The error for a workflow that neither this engine nor the database has. */
    public UnknownWorkflowException unknown(String name) {
        return unknown(database::list, name);
    }

    private UnknownWorkflowException unknown(Reading reading, String name) {
        return new UnknownWorkflowException(name, known(reading));
    }

    private Set<String> known(Reading reading) {
        Set<String> names = new TreeSet<>();
        workflows.submitted().forEach(workflow -> names.add(workflow.name()));
        reading.list(DefinitionStore.ALL, NoArgument.NONE).stream()
                .filter(version -> !version.isDeleted())
                .forEach(version -> names.add(version.workflow()));
        return names;
    }

    /** The versions of a workflow, newest first. */
    public List<DefinitionStore.Header> versions(String name) {
        return database.list(DefinitionStore.VERSIONS, name);
    }

    /** A version of a workflow, as it is stored. */
    public Optional<StoredDefinition> find(String name, String version) {
        return database.find(DefinitionStore.FIND, new DefinitionStore.Version(name, version))
                .map(stored -> StoredDefinition.parse(name, version, stored.json()));
    }

    /** As {@link #store(Collection)}, of all workflows of this engine. */
    public int store() {
        return store(workflows.all());
    }

    /** Stores the definitions that are missing or differ from those of this engine; returns how many it stored. */
    public int store(Collection<Workflow> all) {
        int stored = 0;
        for (Workflow each : all) {
            DefinitionStore.Stored before = find(database::list, each)
                    .filter(found -> isStored(found, each))
                    .orElse(null);
            if (before == null || !isKept(before)) {
                stored += storeBesideOthers(each);
            }
        }
        return stored;
    }

    /** Logs a warning for each task whose child is a workflow that no engine has yet; returns how many there are. */
    public int warnOfChildren() {
        int unknown = 0;
        for (Workflow each : workflows.submitted()) {
            for (TaskDefinition task : each.tasks()) {
                String child = task.child().map(ChildWorkflow::workflow).orElse(null);
                if (child != null
                        && workflows.findForChild(child).isEmpty()
                        && versions(child).isEmpty()) {
                    LOG.warn(
                            "task '{}' of workflow {} has a child of workflow '{}', which neither this engine nor any"
                                    + " that started before has: the task fails until an engine has it",
                            task,
                            each,
                            child);
                    unknown++;
                }
            }
        }
        return unknown;
    }

    /** Stores a definition while other processes may store the same one, or remove the package of the workflow. */
    private int storeBesideOthers(Workflow workflow) {
        try {
            return database.writeApart(transaction -> store(transaction, workflow));
        } catch (DatabaseException e) {
            if (e.kind() == ErrorKind.UNIQUE) {
                return database.writeApart(transaction -> store(transaction, workflow));
            }
            if (e.kind() == ErrorKind.FOREIGN_KEY) {
                return 0;
            }
            throw e;
        }
    }

    private static boolean isStored(DefinitionStore.Stored stored, Workflow workflow) {
        return stored.json().equals(workflow.stored().json())
                && Objects.equals(stored.fromPackage(), workflow.storedAs());
    }

    /**
     * Whether the definition is still there. Renews its age, because retention removes definitions with which no runner
     * has started for long.
     */
    private boolean isKept(DefinitionStore.Stored stored) {
        UniversalTimestamp now = UniversalTimestamp.now(clock);
        return stored.updatedAt().compareTo(now.saturatedPlus(TOUCHED_AFTER.negated())) >= 0
                || database.writeApart(transaction ->
                        transaction.run(DefinitionStore.TOUCH, new DefinitionStore.At(stored.id(), now)) == 1);
    }

    private static Optional<DefinitionStore.Stored> find(Reading reading, Workflow workflow) {
        return reading
                .list(DefinitionStore.FIND, new DefinitionStore.Version(workflow.name(), workflow.version()))
                .stream()
                .findFirst();
    }

    private int store(WriteTransaction transaction, Workflow workflow) {
        DefinitionStore.Stored before = find(Reading.in(transaction), workflow).orElse(null);
        String json = workflow.stored().json();
        DefinitionStore.New fresh = new DefinitionStore.New(
                before == null ? UniversalUuid.v7() : before.id(),
                workflow.name(),
                workflow.version(),
                json,
                workflow.storedAs(),
                UniversalTimestamp.now(clock));
        if (before == null) {
            return transaction.run(DefinitionStore.INSERT, fresh);
        }
        List<String> changes = VersionDifference.between(
                StoredDefinition.parse(workflow.name(), workflow.version(), before.json()), workflow.stored());
        if (!changes.isEmpty()) {
            LOG.warn(
                    "workflow {} differs from the definition that is stored under the same version: {}; executions of"
                            + " the stored definition may fail. Set another version, or none",
                    workflow,
                    String.join("; ", changes));
        }
        return transaction.run(DefinitionStore.REPLACE, fresh);
    }
}
