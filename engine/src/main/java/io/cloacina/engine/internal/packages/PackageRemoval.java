package io.cloacina.engine.internal.packages;

import io.cloacina.api.StorageType;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.PackageStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.WriteLanes;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes deleted packages that are not needed any more. Nothing can be submitted with a package that is removed here: each
 * submission checks in its own transaction whether the package is deleted, a runner that still has it names it in its row, and
 * since the deletion a minute has passed, longer than any transaction of a submission.
 */
public final class PackageRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(PackageRemoval.class);

    private final WriteLanes lanes;
    private final Lease lease;
    private final PackageFiles files;

    public PackageRemoval(WriteLanes lanes, Lease lease, PackageFiles files) {
        this.lanes = lanes;
        this.lease = lease;
        this.files = files;
    }

    /** @param kept versions of workflows that other packages, which are not deleted, also have */
    void removeUnlessNeeded(PackageStore.Header deleted, Collection<PackageStore.Version> kept) {
        if (deleted.storage() == StorageType.FILESYSTEM && !files.hasDirectory()) {
            return; // left to a runner that can also remove the file
        }
        List<PackageStore.Version> versions = deleted.versions().orElseThrow().stream()
                .filter(version -> !kept.contains(version))
                .toList();
        boolean isRemoved = lanes.callUnlessLocked(lease.runner(), work -> {
            for (PackageStore.Version version : versions) {
                if (work.find(PackageStore.UNFINISHED, version).isPresent()) {
                    return false;
                }
            }
            for (RunnerStore.Stored runner : work.list(RunnerStore.ALL)) {
                if (versions.stream()
                        .anyMatch(version -> Workflows.has(runner.workflows(), version.name(), version.version()))) {
                    return false;
                }
            }
            return PackageStore.remove(work.transaction(), PackageStore.REMOVE, deleted);
        });
        if (isRemoved) {
            files.remove(deleted);
            LOG.info("{} is removed", deleted.what());
        }
    }
}
