package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.DefinitionStore;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.internal.write.VersionChange;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What will happen to an execution whose version no live runner has. {@link MissingWorkflowCheck} acts upon it in a runner that
 * has the newest version; this class reports it in any process. Thread safe.
 */
final class Stranding {
    private final Database database;
    private final Definitions definitions;
    private final VersionChange versionChange;

    Stranding(Database database, Definitions definitions, VersionChange versionChange) {
        this.database = database;
        this.definitions = definitions;
        this.versionChange = versionChange;
    }

    /**
     * The outlook of an execution.
     *
     * @param versions the versions that live runners have
     * @param newest the newest of them, with which it could continue; null if there are none
     * @param why why it cannot continue with that; null if it can, or there are none
     */
    record Outlook(
            List<String> versions,
            @Nullable String newest,
            @Nullable String why) {}

    Outlook of(String workflow, String version, UniversalUuid execution, LiveRunners runners) {
        List<String> there = runners.versions(workflow);
        String newest = definitions.versions(workflow).stream()
                .map(DefinitionStore.Header::version)
                .filter(there::contains)
                .findFirst()
                .orElse(null);
        Workflow to =
                newest == null ? null : definitions.known(workflow, newest).orElse(null);
        if (to == null) {
            return new Outlook(there, null, null);
        }
        return new Outlook(
                there,
                newest,
                definitions.isPinned(workflow, version, to)
                        ? "its executions stay with the version that they began with"
                        : database.read(transaction -> versionChange.whyNot(transaction, execution, to))
                                .orElse(null));
    }
}
