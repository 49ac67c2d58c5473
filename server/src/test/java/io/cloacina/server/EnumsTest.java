package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.AlertKind;
import io.cloacina.api.BulkActionKind;
import io.cloacina.api.BulkOperationState;
import io.cloacina.api.CatchUpPolicy;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.HookSignature;
import io.cloacina.api.Labeled;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.server.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the server says of values that Java declares as enums is what Java declares. */
class EnumsTest {
    private static final String SCHEMAS = "/components/schemas/";

    private static final Map<String, List<String>> DECLARED = new TreeMap<>(Map.ofEntries(
            Map.entry("ExecutionStatus", labels(ExecutionStatus.values())),
            Map.entry("TaskStatus", labels(TaskStatus.values())),
            Map.entry("ActionKind", labels(BulkActionKind.values())),
            Map.entry("Operation/properties/state", labels(BulkOperationState.values())),
            Map.entry("CatchUp/properties/policy", labels(CatchUpPolicy.values())),
            Map.entry("ScheduleDefinition/properties/catch_up/properties/policy", labels(CatchUpPolicy.values())),
            Map.entry("Hook/properties/signature", labels(HookSignature.values())),
            Map.entry("HookDefinition/properties/signature", labels(HookSignature.values())),
            Map.entry("Alert/properties/kind", labels(AlertKind.values())),
            Map.entry("Alert/properties/statuses/items", labels(AlertRule.ENDS)),
            Map.entry("AlertDefinition/properties/kind", labels(AlertKind.values())),
            // Java has no enums of these.
            Map.entry("Health/properties/status", List.of("up", "down")),
            Map.entry("Event/properties/event", List.of("execution_submitted", "task_ended", "execution_ended"))));

    @Test
    void the_description_of_the_api_has_the_values_that_the_enums_have() throws IOException {
        Map<String, List<String>> described = new TreeMap<>();
        collect(Json.stored(resource("openapi.json")), "", described);

        assertThat(described).isEqualTo(DECLARED);
    }

    @Test
    void the_page_has_a_colour_for_each_state() throws IOException {
        String style = resource("static/cloacina.css");

        assertThat(Stream.concat(Stream.of(ExecutionStatus.values()), Stream.of(TaskStatus.values())))
                .allSatisfy(state -> assertThat(style)
                        .containsPattern("\\.s-" + state.label().toLowerCase(Locale.ROOT) + "\\b[^{]*\\{ --color:"));
    }

    private static void collect(JsonNode node, String path, Map<String, List<String>> found) {
        JsonNode values = node.path("enum");
        if (values.isArray()) {
            List<String> texts = new ArrayList<>();
            values.forEach(value -> texts.add(value.asText()));
            found.put(path.replace(SCHEMAS, ""), texts);
        }
        node.fieldNames().forEachRemaining(name -> collect(node.path(name), path + "/" + name, found));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), path + "/" + i, found);
        }
    }

    private static List<String> labels(Labeled... values) {
        return Stream.of(values).map(Labeled::label).toList();
    }

    private static List<String> labels(Collection<? extends Labeled> values) {
        return values.stream().map(Labeled::label).toList();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(CloacinaServlet.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
