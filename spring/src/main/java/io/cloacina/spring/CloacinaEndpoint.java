package io.cloacina.spring;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.engine.WorkflowClient;
import io.cloacina.server.json.StatusJson;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The state of the whole system on the database: what {@code cloacina status --json} prints. */
@Endpoint(id = "cloacina")
final class CloacinaEndpoint {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final WorkflowClient client;

    CloacinaEndpoint(WorkflowClient client) {
        this.client = client;
    }

    /** Values that any JSON mapper of Spring can write. */
    @ReadOperation
    Map<String, Object> status() {
        return MAPPER.convertValue(StatusJson.of(client.status()), new TypeReference<>() {});
    }
}
