package io.cloacina.engine.internal.run;

import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskContext;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.EngineInterceptor.Running;
import io.cloacina.engine.model.EngineInterceptor.Submitting;
import io.cloacina.engine.model.Submission;
import java.util.List;
import java.util.UUID;

/** Those of an application, the first outermost. Without any nothing is allocated. */
public final class Interceptors {
    private final EngineInterceptor[] all;

    public Interceptors(List<EngineInterceptor> all) {
        this.all = all.toArray(EngineInterceptor[]::new);
    }

    public boolean isEmpty() {
        return all.length == 0;
    }

    public List<UUID> submit(List<Submission> submissions, Submitting engine) {
        Submitting next = engine;
        for (int i = all.length - 1; i >= 0; i--) {
            EngineInterceptor each = all[i];
            Submitting inner = next;
            next = given -> each.aroundSubmit(given, inner);
        }
        return next.submit(submissions);
    }

    void run(TaskContext task, Workflow workflow, TaskBody body) throws Exception {
        if (all.length == 0) {
            workflow.run(() -> body.run(task));
            return;
        }
        Running next = () -> workflow.run(() -> body.run(task));
        for (int i = all.length - 1; i >= 0; i--) {
            EngineInterceptor each = all[i];
            Running inner = next;
            next = () -> each.aroundBody(task, inner);
        }
        next.run();
    }
}
