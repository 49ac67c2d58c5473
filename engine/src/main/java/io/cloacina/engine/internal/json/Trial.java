package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets Jackson's deserializers read sample values, because a mapper does not show which kinds of values it accepts for
 * which type.
 */
final class Trial {
    /** Values of each kind, and values that Jackson can be configured to accept for another kind. */
    private static final JsonNode VALUES = JsonMapping.parse("""
            [true, 0, 1, 1.0, 1.5, "", " ", "a", "1", "1.5", "true", "NaN", [], {},
             [true], [1], [1.5], [""], ["a"], ["1"], [[]], [{}]]""", "the values of a trial");

    private final ObjectMapper mapper;
    private final DeserializationContext context;

    Trial(ObjectMapper mapper) {
        this.mapper = mapper;
        this.context = blueprint().createDummyInstance(mapper.getDeserializationConfig());
    }

    private DefaultDeserializationContext blueprint() {
        return (DefaultDeserializationContext) mapper.getDeserializationContext();
    }

    /** A context for inspecting deserializers, without a parser. */
    DeserializationContext context() {
        return context;
    }

    /** Whether a deserializer reads a sample value that its form refuses. */
    boolean readsMore(JsonDeserializer<?> deserializer, Form form) {
        for (JsonNode value : VALUES) {
            List<String> problems = new ArrayList<>();
            new Mismatches(problems).check(form, value, "");
            if (!problems.isEmpty() && reads(deserializer, value)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a deserializer reads a value. */
    boolean reads(JsonDeserializer<?> deserializer, JsonNode value) {
        try (JsonParser from = new ExactParser(mapper.treeAsTokens(value))) {
            DeserializationContext reading =
                    blueprint().createInstance(mapper.getDeserializationConfig(), from, mapper.getInjectableValues());
            from.nextToken();
            deserializer.deserialize(from, reading);
            return true;
        } catch (IOException | RuntimeException e) { // it was refused
            return false;
        }
    }
}
