package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.engine.internal.json.CarriedJson;
import io.cloacina.engine.internal.json.JsonContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The successor that a task asked for, as it is stored with the completion of that task.
 *
 * @param carried what interceptors hand on to the successor, as JSON
 */
record StoredContinuation(
        String workflow, ObjectNode input, @Nullable String carried) {
    private static final String WORKFLOW = "workflow";
    private static final String INPUT = "input";
    private static final String CARRIED = "carried";

    /** The successor as JSON. */
    static String json(String workflow, ObjectNode input, Map<String, String> carried) {
        ObjectNode continuation = JsonContext.empty().put(WORKFLOW, workflow);
        continuation.set(INPUT, input);
        String json = CarriedJson.of(carried);
        if (json != null) {
            continuation.put(CARRIED, json);
        }
        return JsonContext.text(continuation, "what an execution continues as");
    }

    /** Reads what {@link #json} wrote; {@code where} names the source in errors. */
    static StoredContinuation parse(String json, String where) {
        ObjectNode continuation = JsonContext.parse(json, where);
        return new StoredContinuation(
                continuation.path(WORKFLOW).asText(),
                continuation.withObject("/" + INPUT),
                continuation.path(CARRIED).asText(null));
    }
}
