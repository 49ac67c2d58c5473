package io.cloacina.engine;

import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * An engine as its users have it, who call it at any time: before its start, after it has stopped, or after it was
 * started again with other parts. So the parts are asked for in each call, and not kept.
 */
interface RunningEngine {
    /** Its present parts; throws if it is not running. */
    EngineRuntime runtime();

    default SharedParts parts() {
        return runtime().parts();
    }

    default Settings settings() {
        return parts().settings();
    }

    default Database database() {
        return parts().database();
    }

    /** Reads what a change depends on: when the database is away it waits for it, as the change does. */
    default <R> R readFirst(Supplier<R> reading) {
        return runtime().lanes().readFirst("reading what a change depends on", reading);
    }

    /** A workflow that a change names. */
    default Workflow named(String workflow) {
        return readFirst(() -> parts().definitions().named(workflow));
    }

    /** Does in a transaction of its own what belongs to no execution. */
    default <R> R write(Function<UnitOfWork, R> change) {
        return runtime().lanes().call(UniversalUuid.v7(), change);
    }
}
