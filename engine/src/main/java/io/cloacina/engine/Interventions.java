package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.WaitStore;
import io.cloacina.engine.internal.write.ExecutionControl;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.schema.type.UniversalUuid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes an execution on request: signal, cancel, pause, resume, retry. Thread safe. */
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
        String checked = Arguments.name(ErrorCodes.INVALID_NAME, "the name of a signal", name);
        String json = JsonContext.sent(settings.json(), value, "the signal '" + name + "'", settings.maxContextBytes());
        SignalNames.require(runtime, Engine.id(execution), checked);
        intervene(execution, (work, id) -> {
            WaitStore.NewSignal signal = new WaitStore.NewSignal(UniversalUuid.v7(), id, checked, json, key, work.at());
            steps.suspender().signal(work, signal);
        });
    }

    void cancel(UUID execution, Cancel how) {
        intervene(execution, how.isWithCompensation() ? runtime.steps().earlyEnd()::cancel : control::cancel);
    }

    void pause(UUID execution, @Nullable String reason) {
        String text = reason == null ? null : ErrorText.storable(reason);
        intervene(execution, (work, id) -> control.pause(work, id, text));
    }

    void resume(UUID execution) {
        intervene(execution, control::resume);
    }

    void retry(UUID execution, RetryMode how) {
        intervene(execution, (work, id) -> control.retryFailed(work, id, how));
        runtime.maintenance().checkMissingWorkflowsSoon();
    }

    /** False if there is no such execution. */
    boolean delete(UUID execution) {
        UniversalUuid id = Engine.id(execution);
        return runtime.lanes().call(id, work -> control.delete(work.transaction(), id));
    }

    private void intervene(UUID execution, ExecutionControl.Intervention intervention) {
        UniversalUuid id = Engine.id(execution);
        runtime.lanes().call(id, work -> {
            intervention.on(work, id);
            return id;
        });
    }
}
