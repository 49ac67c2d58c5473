package io.cloacina.engine.internal.claim;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputsTest {
    @Test
    void all_problems_of_an_input_are_reported_in_one_notation_with_the_values() {
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .input("absent", int.class)
                .input("count", int.class)
                .input("name", String.class)
                .input("rate", int.class)
                .refuseUnknownInput()
                .task("t", context -> {})
                .build();
        try (Engine engine =
                Engine.builder("sqlite::memory:").workflow(workflow).start()) {
            assertThatThrownBy(() ->
                            engine.submit("w", Map.of("count", "x".repeat(100), "name", true, "rate", 1.5, "cuont", 1)))
                    .hasMessage("the input does not fit workflow 'w': "
                            + "absent: expected a whole number of 32 bits, and it is absent; "
                            + "count: expected a whole number of 32 bits, found the text '"
                            + "x".repeat(80) + "…'; "
                            + "name: expected a text, found the boolean true; "
                            + "rate: expected a whole number of 32 bits, found the number 1.5; "
                            + "cuont: this value is not declared. Did you mean 'count'?");
        }
    }
}
