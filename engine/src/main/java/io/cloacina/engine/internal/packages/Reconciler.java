package io.cloacina.engine.internal.packages;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.SelfWaiting;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.store.PackageStore;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the packages that this engine has loaded equal to those that are stored. A package is loaded once. Of its versions, the
 * one that was uploaded last serves submissions, and the others finish the executions that began with them. A deleted package
 * is unloaded when no execution needs it. A package that cannot be loaded is not retried until it is uploaded again. Thread
 * safe: one call at a time.
 */
public final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /**
     * How long this process must have seen a package deleted: before, a transaction that began earlier may submit. See
     * {@link PackageRemoval}.
     */
    private static final Duration REMOVED_AFTER = Duration.ofMinutes(1);

    private final Database database;
    private final WriteLanes lanes;
    private final Workflows workflows;
    private final Definitions definitions;
    private final ClaimableWorkflows claimable;
    private final Lease lease;
    private final JsonMapping json;
    private final PackageRemoval removal;
    private final PackageLoading loading;
    private final Supplier<Duration> elapsed;
    private final boolean runsTasks;
    private final Map<UniversalUuid, Loaded> loaded = new LinkedHashMap<>();
    private final Map<PackageStore.Header, Duration> deletedSince = new HashMap<>();
    private List<PackageStore.Header> seen = List.of();
    private boolean isSettled = true;

    private record Loaded(PackageStore.Header stored, List<Workflow> workflows) {}

    public Reconciler(
            SharedParts parts, WriteLanes lanes, PackageRemoval removal, PackageLoading loading, boolean runsTasks) {
        this.database = parts.database();
        this.lanes = lanes;
        this.workflows = parts.workflows();
        this.definitions = parts.definitions();
        this.claimable = parts.claimable();
        this.lease = parts.lease();
        this.json = parts.settings().json();
        this.removal = removal;
        this.loading = loading;
        this.elapsed = parts.timer().elapsed(parts.settings().clock());
        this.runsTasks = runsTasks;
    }

    /**
     * Loads and unloads packages. Loading one that takes longer than the patience continues, and the next call takes it. True
     * if a package was loaded or unloaded.
     */
    synchronized boolean reconcile(Duration patience) {
        List<PackageStore.Header> stored = database.list(PackageStore.ALL);
        noteDeleted(stored);
        boolean isEnding = !deletedSince.isEmpty();
        if (stored.equals(seen) && isSettled && !isEnding && !loading.isRetryDue()) {
            return false;
        }
        isSettled = false;
        seen = stored;
        Set<PackageStore.Version> kept = kept(stored);
        List<PackageStore.Header> wanted = stored.stream()
                .filter(each -> !each.isDeleted() || isNeeded(each, kept))
                .toList();
        boolean isChanged = unloadAllBut(wanted);
        List<PackageStore.Header> missing =
                wanted.stream().filter(each -> !loaded.containsKey(each.id())).toList();
        for (Map.Entry<PackageStore.Header, List<Workflow>> each :
                loading.load(missing, patience).entrySet()) {
            isChanged |= take(each.getKey(), each.getValue());
        }
        serve(wanted);
        if (runsTasks) {
            tell(served(wanted));
            // Only after the runner's row does not name them any more.
            stored.stream()
                    .filter(each -> !wanted.contains(each) && isOld(each))
                    .forEach(each -> removal.removeUnlessNeeded(each, kept));
        }
        isSettled = !loading.isUnderWay();
        return isChanged;
    }

    /** Whether that package is being loaded in this engine. */
    synchronized boolean isLoading(UniversalUuid id) {
        return loading.isLoading(id);
    }

    /** The versions of workflows of packages that are not deleted and are loaded in this engine. */
    private Set<PackageStore.Version> kept(List<PackageStore.Header> stored) {
        Set<PackageStore.Version> kept = new HashSet<>();
        for (PackageStore.Header each : stored) {
            if (!each.isDeleted() && loaded.containsKey(each.id())) {
                kept.addAll(each.versions().orElse(List.of()));
            }
        }
        return kept;
    }

    /** Whether executions that are unfinished need a deleted package. True if it is unknown which workflows it has. */
    private boolean isNeeded(PackageStore.Header deleted, Set<PackageStore.Version> kept) {
        return deleted.versions()
                .map(all -> all.stream()
                        .anyMatch(version -> !kept.contains(version)
                                && database.find(PackageStore.UNFINISHED, version)
                                        .isPresent()))
                .orElse(true);
    }

    private void noteDeleted(List<PackageStore.Header> stored) {
        Map<PackageStore.Header, Duration> before = Map.copyOf(deletedSince);
        Duration now = elapsed.get();
        deletedSince.clear();
        stored.stream()
                .filter(PackageStore.Header::isDeleted)
                .forEach(each -> deletedSince.put(each, before.getOrDefault(each, now)));
    }

    private boolean isOld(PackageStore.Header deleted) {
        Duration since = deletedSince.get(deleted);
        return since != null && elapsed.get().minus(since).compareTo(REMOVED_AFTER) >= 0;
    }

    private boolean unloadAllBut(Collection<PackageStore.Header> wanted) {
        Set<UniversalUuid> ids = new HashSet<>();
        wanted.forEach(each -> ids.add(each.id()));
        loading.forgetAllBut(ids);
        List<Loaded> gone = loaded.values().stream()
                .filter(each -> !ids.contains(each.stored.id()))
                .toList();
        for (Loaded each : gone) {
            loaded.remove(each.stored.id());
            LOG.info("{} is unloaded", each.stored.what());
        }
        serve(wanted);
        if (gone.isEmpty()) {
            return false;
        }
        gone.forEach(each -> each.workflows.forEach(claimable::forget));
        json.forgetTypes();
        // The names of their workflows are free again.
        loading.forgetConflicts();
        return true;
    }

    /** False if the package cannot be used. */
    private boolean take(PackageStore.Header stored, List<Workflow> its) {
        String conflict = conflict(stored, its);
        if (conflict != null) {
            loading.refuse(stored, conflict, PackageLoading.Again.WHEN_NAMES_ARE_FREE);
            return false;
        }
        String endless = endless(stored, its);
        if (endless != null) {
            loading.refuse(stored, endless, PackageLoading.Again.NEVER);
            return false;
        }
        if (stored.workflows() == null && !say(stored, its)) {
            return false;
        }
        loaded.put(stored.id(), new Loaded(stored, its));
        LOG.info("{} is loaded: {}", stored.what(), its);
        return true;
    }

    /**
     * Stores which workflows the package has, before anything is submitted with it, so that its removal knows them. False if it
     * was removed meanwhile.
     */
    private boolean say(PackageStore.Header stored, List<Workflow> its) {
        PackageStore.Found found = new PackageStore.Found(stored.id(), Workflows.json(its));
        return lanes.callUnlessLocked(
                lease.runner(),
                work -> work.run(PackageStore.SAY_WORKFLOWS, found) == 1
                        || work.find(PackageStore.BY_ID, stored.id()).isPresent());
    }

    /** Why a workflow of the package cannot have its name, which belongs to the engine or to another package; null if it can. */
    private @Nullable String conflict(PackageStore.Header stored, List<Workflow> its) {
        for (Workflow each : its) {
            if (workflows.isBuiltIn(each.name())) {
                return stored.what() + " cannot be loaded: its workflow '" + each.name()
                        + "' has the name of one that this engine was built with";
            }
            for (Loaded other : loaded.values()) {
                if (!other.stored.name().equals(stored.name())
                        && other.workflows.stream()
                                .anyMatch(known -> known.name().equals(each.name()))) {
                    return stored.what() + " cannot be loaded: its workflow '" + each.name()
                            + "' has the name of one of " + other.stored.what() + ": rename it, or delete that one";
                }
            }
        }
        return null;
    }

    /**
     * Why the package cannot be loaded because its workflows, with those that are served, would submit themselves as children
     * and wait without end; null if they do not.
     */
    private @Nullable String endless(PackageStore.Header stored, List<Workflow> its) {
        try {
            SelfWaiting.refuse(definitions(workflows.submitted()), definitions(its));
            return null;
        } catch (CloacinaException e) {
            return stored.what() + " cannot be loaded: " + e.getMessage();
        }
    }

    private static List<WorkflowDefinition> definitions(Collection<Workflow> some) {
        return some.stream().map(Workflow::definition).toList();
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

    /** The workflows of packages that are loaded in this engine and not deleted. */
    private List<Workflow> served(Collection<PackageStore.Header> wanted) {
        List<Workflow> served = new ArrayList<>();
        for (PackageStore.Header each : wanted) {
            Loaded its = loaded.get(each.id());
            if (its != null && !each.isDeleted()) {
                served.addAll(its.workflows);
            }
        }
        return served;
    }

    private void tell(List<Workflow> served) {
        String problems = loading.problems();
        if (!workflows.json().equals(lease.told()) || !Objects.equals(problems, lease.toldProblems())) {
            definitions.store(served);
            lease.tell(problems);
        }
    }
}
