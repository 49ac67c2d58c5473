package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what this engine has loaded follow what is stored. A package is loaded once; of its versions the one that was uploaded
 * last is submitted, and the others end what has begun with them. A deleted one goes when nothing of it is left to do. One
 * that cannot be loaded is left alone until it is uploaded again. Thread safe: one at a time.
 */
final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /** Until then a process that has not seen the deletion yet may still submit, and what it submits is run. */
    private static final Duration REMOVED_AFTER = Duration.ofMinutes(1);

    private final Database database;
    private final WriteLanes lanes;
    private final Workflows workflows;
    private final Waiting waiting;
    private final Lease lease;
    private final PackageFiles files;
    private final PackageLoader loader;
    private final Clock clock;
    private final boolean runsTasks;
    private final Map<UniversalUuid, Loaded> loaded = new LinkedHashMap<>();
    private final Map<UniversalUuid, Refused> refused = new LinkedHashMap<>();
    private List<PackageStore.Header> seen = List.of();

    private record Loaded(PackageStore.Header stored, List<Workflow> workflows) {}

    private record Refused(UniversalTimestamp updatedAt, String reason) {}

    Reconciler(Machinery.Parts parts, WriteLanes lanes, PackageFiles files, PackageLoader loader, boolean runsTasks) {
        this.database = parts.database();
        this.lanes = lanes;
        this.workflows = parts.workflows();
        this.waiting = parts.waiting();
        this.lease = parts.lease();
        this.files = files;
        this.loader = loader;
        this.clock = parts.settings().clock();
        this.runsTasks = runsTasks;
    }

    /** The workflows that are submitted from now on and were not before. */
    synchronized List<Workflow> reconcile() {
        List<PackageStore.Header> stored = database.list(PackageStore.ALL);
        boolean isEnding = stored.stream().anyMatch(PackageStore.Header::isDeleted);
        if (stored.equals(seen) && !isEnding) {
            return List.of();
        }
        Set<String> kept = new HashSet<>();
        stored.stream().filter(each -> !each.isDeleted()).forEach(each -> kept.addAll(versions(each)));
        List<PackageStore.Header> wanted = new ArrayList<>();
        for (PackageStore.Header each : stored) {
            if (!each.isDeleted() || isNeeded(each, kept)) {
                wanted.add(each);
            } else if (runsTasks) {
                removeIfOld(each);
            }
        }
        Set<Workflow> before = new HashSet<>(workflows.submitted());
        String problemsBefore = problems();
        unloadAllBut(wanted);
        wanted.forEach(this::loadIfNew);
        serve(wanted);
        seen = stored;
        if (runsTasks) {
            tell(problemsBefore);
        }
        return workflows.submitted().stream()
                .filter(workflow -> !before.contains(workflow))
                .toList();
    }

    /** Whether executions have begun with a deleted package that only it can end. */
    private boolean isNeeded(PackageStore.Header deleted, Set<String> kept) {
        for (String version : versions(deleted)) {
            int at = version.indexOf('\0');
            if (!kept.contains(version)
                    && database.find(
                                    PackageStore.UNFINISHED,
                                    new PackageStore.Version(version.substring(0, at), version.substring(at + 1)))
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Names and versions as the first runner found them; neither has control characters. */
    private static Set<String> versions(PackageStore.Header stored) {
        Set<String> versions = new HashSet<>();
        if (stored.workflows() != null) {
            JsonContext.pairs(stored.workflows()).forEach(pair -> versions.add(pair.getKey() + '\0' + pair.getValue()));
        }
        return versions;
    }

    private void removeIfOld(PackageStore.Header deleted) {
        UniversalTimestamp at = deleted.deletedAt();
        if (at != null && at.plus(REMOVED_AFTER).compareTo(UniversalTimestamp.now(clock)) <= 0) {
            boolean isRemoved = lanes.call(lease.runner(), (transaction, effects) -> {
                boolean isGone = transaction.run(PackageStore.REMOVE, deleted.id()) == 1;
                if (isGone) {
                    transaction.run(PackageStore.REMOVE_BYTES, deleted.registry());
                }
                return isGone;
            });
            if (isRemoved) {
                files.remove(deleted);
                LOG.info("{} is removed", deleted.what());
            }
        }
    }

    private void unloadAllBut(Collection<PackageStore.Header> wanted) {
        Set<UniversalUuid> ids = new HashSet<>();
        wanted.forEach(each -> ids.add(each.id()));
        refused.keySet().retainAll(ids);
        List<Loaded> gone = loaded.values().stream()
                .filter(each -> !ids.contains(each.stored.id()))
                .toList();
        for (Loaded each : gone) {
            loaded.remove(each.stored.id());
            LOG.info("{} is unloaded", each.stored.what());
        }
        if (!gone.isEmpty()) {
            serve(wanted);
            gone.forEach(each -> each.workflows.forEach(waiting::forget));
            JsonContext.forgetTypes();
        }
    }

    private void loadIfNew(PackageStore.Header stored) {
        Refused before = refused.get(stored.id());
        if (loaded.containsKey(stored.id()) || (before != null && before.updatedAt.equals(stored.updatedAt()))) {
            return;
        }
        refused.remove(stored.id());
        List<Workflow> its;
        try {
            its = loader.load(stored);
            requireNamesOfItsOwn(stored, its);
        } catch (DatabaseException e) { // it is the database that failed: tried again
            throw e;
        } catch (Throwable e) { // the edge of somebody else's code
            String reason = ErrorText.storable(String.valueOf(e.getMessage()));
            refused.put(stored.id(), new Refused(stored.updatedAt(), reason));
            LOG.error("{}; it is left alone until it is uploaded again", reason, e);
            return;
        }
        if (stored.workflows() != null || say(stored, its)) {
            loaded.put(stored.id(), new Loaded(stored, its));
            LOG.info("{} is loaded: {}", stored.what(), its);
        }
    }

    /** Before anything is submitted: what has been loaded is not removed at once. False if it was removed before that. */
    private boolean say(PackageStore.Header stored, List<Workflow> its) {
        ArrayNode pairs = JsonContext.array();
        its.forEach(each -> pairs.addArray().add(each.name()).add(each.version()));
        PackageStore.Found found = new PackageStore.Found(stored.id(), pairs.toString());
        return lanes.call(
                lease.runner(),
                (transaction, effects) -> transaction.run(PackageStore.SAY_WORKFLOWS, found) == 1
                        || transaction
                                .find(PackageStore.FIND, new PackageStore.Version(stored.name(), stored.version()))
                                .filter(now -> now.id().equals(stored.id()))
                                .isPresent());
    }

    /** The name of a workflow belongs to the engine, or to one package in all its versions. */
    private void requireNamesOfItsOwn(PackageStore.Header stored, List<Workflow> its) {
        for (Workflow each : its) {
            if (workflows.isBuiltIn(each.name())) {
                throw new PackageRefusedException(
                        stored.what(),
                        List.of("its workflow '" + each.name()
                                + "' has the name of one that this engine was built with"));
            }
            for (Loaded other : loaded.values()) {
                if (!other.stored.name().equals(stored.name())
                        && other.workflows.stream()
                                .anyMatch(known -> known.name().equals(each.name()))) {
                    throw new PackageRefusedException(
                            stored.what(),
                            List.of("its workflow '" + each.name() + "' has the name of one of " + other.stored.what()
                                    + ": rename it, or delete that one and upload this one again"));
                }
            }
        }
    }

    private void serve(Collection<PackageStore.Header> wanted) {
        Map<String, PackageStore.Header> latest = new HashMap<>();
        Comparator<PackageStore.Header> byUpload =
                Comparator.comparing(PackageStore.Header::updatedAt).thenComparing(PackageStore.Header::id);
        for (PackageStore.Header each : wanted) {
            if (!each.isDeleted() && loaded.containsKey(each.id())) {
                latest.merge(each.name(), each, (a, b) -> byUpload.compare(a, b) >= 0 ? a : b);
            }
        }
        List<Workflow> serving = new ArrayList<>();
        List<Workflow> ending = new ArrayList<>();
        for (PackageStore.Header each : wanted) {
            Loaded its = loaded.get(each.id());
            if (its != null) {
                (each.equals(latest.get(each.name())) ? serving : ending).addAll(its.workflows);
            }
        }
        workflows.setPackaged(serving, ending);
    }

    private void tell(@Nullable String problemsBefore) {
        String problems = problems();
        String versions = workflows.json();
        if (!versions.equals(lease.told()) || !Objects.equals(problems, problemsBefore)) {
            lease.tell(problems);
        }
    }

    private @Nullable String problems() {
        if (refused.isEmpty()) {
            return null;
        }
        ArrayNode pairs = JsonContext.array();
        refused.forEach((id, why) -> pairs.addArray().add(id.toString()).add(why.reason));
        return pairs.toString();
    }
}
