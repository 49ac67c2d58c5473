package io.cloacina.cli;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.WorkflowVersion;
import java.util.List;

/** Finds stored versions of workflows by what was typed, and says what is there if that is not. */
final class StoredVersions {
    private StoredVersions() {}

    /** The versions of a workflow, newest first; one at least. */
    static List<WorkflowVersion> of(Engine engine, String workflow) {
        List<WorkflowVersion> all = engine.versions().list();
        List<WorkflowVersion> its =
                all.stream().filter(each -> each.workflow().equals(workflow)).toList();
        if (its.isEmpty()) {
            throw Nearest.unknown(
                    "workflow",
                    workflow,
                    all.stream().map(WorkflowVersion::workflow).distinct().toList());
        }
        return its;
    }

    /** One of these. */
    static WorkflowVersion find(List<WorkflowVersion> all, String version) {
        return all.stream()
                .filter(each -> each.version().equals(version))
                .findFirst()
                .orElseThrow(() -> unknown(all, version));
    }

    private static CloacinaException unknown(List<WorkflowVersion> all, String version) {
        return Nearest.unknown(
                "version", version, all.stream().map(WorkflowVersion::version).toList());
    }
}
