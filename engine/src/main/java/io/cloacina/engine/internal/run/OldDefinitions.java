package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.DefinitionStore;
import io.cloacina.engine.internal.store.PackageStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes definitions that are not needed: another version of the workflow has replaced them, no runner has them, and no
 * execution of them is stored. The newest version stays, because a name refers to it in processes that do not have its code;
 * definitions of packages are removed with their packages. Used by one thread.
 */
final class OldDefinitions {
    /**
     * Younger definitions may belong to a runner: a runner that starts renews the time of its definitions only when it is a day
     * old.
     */
    private static final Duration LEAST_AGE = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(OldDefinitions.class);

    private final Database database;
    private final WriteLanes lanes;
    private final Duration keep;

    /**
     * Definitions that an execution needs, and until when: finding that reads many rows, so it is not repeated before that
     * time.
     */
    private final Map<UniversalUuid, UniversalTimestamp> neededUntil = new HashMap<>();

    OldDefinitions(Database database, WriteLanes lanes, Duration keep) {
        this.database = database;
        this.lanes = lanes;
        this.keep = keep;
    }

    /** Removes definitions that no runner has started with for as long as executions are kept, if they are not needed. */
    void removeUnneeded(UniversalTimestamp now) {
        UniversalTimestamp bound = now.saturatedPlus((keep.compareTo(LEAST_AGE) < 0 ? LEAST_AGE : keep).negated());
        Set<String> newer = new HashSet<>();
        List<DefinitionStore.Header> all = database.list(DefinitionStore.ALL);
        neededUntil
                .keySet()
                .retainAll(all.stream().map(DefinitionStore.Header::id).toList());
        for (DefinitionStore.Header each : all) {
            boolean isReplaced = each.fromPackage() == null && !newer.add(each.workflow());
            boolean isOld = each.updatedAt().compareTo(bound) < 0;
            UniversalTimestamp needed = neededUntil.get(each.id());
            if (isReplaced && isOld && (needed == null || needed.compareTo(now) < 0)) {
                removeUnlessNeeded(each, bound);
            }
        }
    }

    private void removeUnlessNeeded(DefinitionStore.Header definition, UniversalTimestamp bound) {
        DefinitionStore.Version version = new DefinitionStore.Version(definition.workflow(), definition.version());
        UniversalTimestamp lastUse =
                database.find(DefinitionStore.LAST_USE, version).orElse(null);
        if (lastUse != null) {
            neededUntil.put(definition.id(), lastUse.saturatedPlus(keep));
        } else if (remove(definition, bound)) {
            LOG.info(
                    "the definition of workflow '{}' version {} is removed: no runner has it, and no execution",
                    definition.workflow(),
                    definition.version());
        }
    }

    /**
     * A runner that starts with the definition either stores it again, or has renewed its time before this transaction reads
     * it.
     */
    private boolean remove(DefinitionStore.Header definition, UniversalTimestamp bound) {
        PackageStore.Version version = new PackageStore.Version(definition.workflow(), definition.version());
        return lanes.callUnlessLocked(UniversalUuid.v7(), work -> {
            boolean isNeeded = work.run(DefinitionStore.LOCK_OLD, new DefinitionStore.At(definition.id(), bound)) == 0
                    || work.list(RunnerStore.ALL).stream()
                            .anyMatch(runner -> Workflows.has(runner.workflows(), version.name(), version.version()))
                    || work.find(PackageStore.UNFINISHED, version).isPresent();
            return !isNeeded && work.run(DefinitionStore.REMOVE, definition.id()) == 1;
        });
    }
}
