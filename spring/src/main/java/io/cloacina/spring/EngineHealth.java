package io.cloacina.spring;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Whether an engine can work: it is running, its database answers and, unless it is a client, its lease is valid. The
 * health indicator of each starter uses it.
 *
 * @param isUp whether the engine can work
 * @param details the lease, the ready tasks, and the codes of {@linkplain io.cloacina.engine.model.Problem problems}
 */
public record EngineHealth(boolean isUp, Map<String, Object> details) {
    /** Copies the details. */
    public EngineHealth {
        details = Map.copyOf(details);
    }

    /**
     * Returns the health of an engine now; it takes milliseconds.
     *
     * @throws RuntimeException if the database does not answer, which also means that the engine is down
     */
    public static EngineHealth of(Engine engine) {
        if (!engine.isRunning()) {
            return new EngineHealth(false, Map.of("engine", "not started, stopped, or about to stop"));
        }
        Status status = engine.status();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("ready", status.ready().toString());
        details.put(
                "problems",
                status.problems().stream().map(each -> each.code().name()).toList());
        UUID id = engine.id().orElse(null);
        if (id == null) {
            details.put("engine", "client");
            return new EngineHealth(true, details);
        }
        details.put("engine", id.toString());
        boolean isAlive =
                status.runners().stream().anyMatch(runner -> runner.id().equals(id) && runner.isAlive());
        details.put("lease", isAlive ? "valid" : "lost");
        return new EngineHealth(isAlive, details);
    }
}
