package io.cloacina.opentelemetry;

import io.cloacina.api.TaskContext;
import io.cloacina.engine.model.EngineInterceptor;
import java.util.List;
import java.util.Map;

/** Notes what executions carry. */
record Noting(List<Map<String, String>> carried) implements EngineInterceptor {
    @Override
    public void aroundBody(TaskContext task, Running next) throws Exception {
        carried.add(next.carried());
        next.run();
    }
}
