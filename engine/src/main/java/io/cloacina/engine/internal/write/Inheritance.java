package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.store.LabelStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an execution inherits from the one that it restarts or continues. */
final class Inheritance {
    private Inheritance() {}

    /**
     * Adds what is inherited: the labels and the priority. The deadline is that of its own workflow, and it has neither
     * the idempotency key nor the requested start of the other one. What it carries is said by interceptors.
     */
    static PreparedExecution.Draft inherit(UnitOfWork work, Execution before, PreparedExecution.Draft execution) {
        Map<String, String> labels = new LinkedHashMap<>();
        work.list(LabelStore.OF, UniversalUuid.of(before.id())).forEach(each -> labels.put(each.name(), each.value()));
        return execution
                .labels(Collections.unmodifiableMap(labels))
                .priority(before.priority())
                .ownDeadline(work.at());
    }
}
