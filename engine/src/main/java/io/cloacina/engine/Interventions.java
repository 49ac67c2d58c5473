package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.WaitStore;
import io.cloacina.engine.internal.write.ExecutionControl;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Retry;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is done to an execution from outside. Thread safe. */
final class Interventions {
    private final EngineRuntime runtime;
    private final ExecutionControl control;

    Interventions(EngineRuntime runtime) {
        this.runtime = runtime;
        this.control = runtime.steps().control();
    }

    void signal(UUID execution, String name, @Nullable Object value, @Nullable String key) {
        Steps steps = runtime.steps();
        Settings settings = runtime.parts().settings();
        String checked = Arguments.name("INVALID_NAME", "the name of a signal", name);
        String json = JsonContext.sent(settings.json(), value, "the signal '" + name + "'", settings.maxContextBytes());
        intervene(execution, (transaction, id, at, effects) -> {
            WaitStore.NewSignal signal = new WaitStore.NewSignal(UniversalUuid.v7(), id, checked, json, key, at);
            control.signal(transaction, signal, steps.suspender(), effects);
        });
    }

    void cancel(UUID execution, Cancel how) {
        intervene(execution, how.isWithCompensation() ? runtime.steps().earlyEnd()::cancel : control::cancel);
    }

    void pause(UUID execution, @Nullable String reason) {
        String text = reason == null ? null : ErrorText.storable(reason);
        intervene(execution, (transaction, id, at, effects) -> control.pause(transaction, id, text, at, effects));
    }

    void resume(UUID execution) {
        intervene(execution, control::resume);
    }

    void retry(UUID execution, Retry how) {
        intervene(execution, (transaction, id, at, effects) -> control.retryFailed(transaction, id, how, at, effects));
        runtime.maintenance().checkAvailabilitySoon();
    }

    private void intervene(UUID execution, ExecutionControl.Intervention intervention) {
        UniversalUuid id = Engine.id(execution);
        runtime.lanes().call(id, (transaction, effects) -> {
            UniversalTimestamp at =
                    UniversalTimestamp.now(runtime.parts().settings().clock());
            intervention.on(transaction, id, at, effects);
            return id;
        });
    }
}
