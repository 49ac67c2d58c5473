package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Values as a stored shape has them, with something else here and there. */
final class RandomJson {
    private static final List<String> PLAIN = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "-1",
            "127",
            "128",
            "-128",
            "-129",
            "255",
            "32767",
            "32768",
            "-32769",
            "2147483647",
            "2147483648",
            "-2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "16777216",
            "16777217",
            "9007199254740992",
            "9007199254740993",
            "1e0",
            "1.0",
            "1.5",
            "-0.0",
            "0.1",
            "1e2",
            "1E+400",
            "1e-400",
            "3.5e38",
            "1e-50",
            "123456789012345678901234567890",
            "1" + "0".repeat(400),
            "\"\"",
            "\" \"",
            "\"a\"",
            "\"ab\"",
            "\"1\"",
            "\"1.5\"",
            "\"true\"",
            "\"null\"",
            "\"NaN\"",
            "\"Infinity\"",
            "\"-INF\"",
            "\"RED\"",
            "\" RED \"",
            "\"red\"",
            "\"green\"",
            "\"GREEN\"",
            "\"lime\"",
            "\"BLUE\"",
            "\"deep blue\"",
            "\"FLAT\"",
            "\"MONDAY\"",
            "\"2020-01-31\"",
            "\"2020-01-31T10:15:30Z\"",
            "\"PT1H\"",
            "\"aGFsbG8=\"",
            "\"Circle\"",
            "\"Square\"",
            "\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\"",
            "[]",
            "{}",
            "[null]",
            "[1]",
            "[\"a\"]",
            "[[]]",
            "[{}]",
            "[1, 2]",
            "{\"a\": 1}",
            "{\"name\": \"x\"}",
            "{\"value\": 1}",
            "{\"@type\": \"Circle\"}",
            "{\"@type\": \"Kind\", \"value\": \"FLAT\"}",
            "{\"@type\": \"Square\", \"side\": 1}",
            "{\"@type\": \"Other\"}",
            "{\"@type\": null}",
            "{\"@type\": 7}",
            "[\"Circle\", {\"radius\": 1}]",
            "{\"radius\": 1}");
    private static final List<String> NAMES = List.of("value", "old", "length", "@type", "x", "Name", "class", "");

    private final Random random;

    RandomJson(Random random) {
        this.random = random;
    }

    /** One that mostly fits. */
    JsonNode near(JsonNode shape) {
        return random.nextInt(10) == 0 ? any() : fitting(shape);
    }

    private JsonNode any() {
        return JsonMapping.parse(one(PLAIN), "a value");
    }

    private static boolean fits(JsonNode shape, JsonNode value) {
        List<String> problems = new ArrayList<>();
        Shape.of(shape).check(value, "it", problems);
        return problems.isEmpty();
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** What says a type may come last. */
    private ObjectNode shuffled(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        Collections.shuffle(names, random);
        ObjectNode shuffled = JsonContext.empty();
        names.forEach(name -> shuffled.set(name, object.get(name)));
        return shuffled;
    }

    private JsonNode fitting(JsonNode shape) {
        if (shape.isTextual() || shape.has("text")) {
            JsonNode value = any();
            for (int i = 0; i < 50 && !fits(shape, value); i++) {
                value = any();
            }
            return value;
        }
        if (shape.has("notNull")) {
            return near(shape.get("notNull"));
        }
        if (shape.has("enum")) {
            return random.nextInt(5) == 0
                    ? any()
                    : shape.get("enum").get(random.nextInt(shape.get("enum").size()));
        }
        if (shape.has("list")) {
            ArrayNode list = JsonContext.array();
            for (int i = random.nextInt(3); i > 0; i--) {
                list.add(near(shape.get("list")));
            }
            return list;
        }
        ObjectNode object = JsonContext.empty();
        if (shape.has("map")) {
            for (int i = random.nextInt(3); i > 0; i--) {
                object.set(one(NAMES), near(shape.get("map")));
            }
            return object;
        }
        JsonNode fields = shape.path("object");
        if (shape.has("oneOf")) {
            List<String> types = new ArrayList<>();
            shape.get("oneOf").fieldNames().forEachRemaining(types::add);
            String type = one(types);
            if (random.nextInt(10) > 0) {
                object.put("@type", random.nextInt(10) > 0 ? type : one(types));
            }
            fields = shape.get("oneOf").get(type).path("object");
        }
        fields.properties().forEach(each -> {
            if (random.nextInt(10) > 0) {
                object.set(each.getKey(), near(each.getValue()));
            }
        });
        shape.path("aliases").properties().forEach(each -> {
            String name = each.getValue().asText();
            if (random.nextInt(5) == 0 && object.has(name)) { // both may be too much for a constructor
                object.remove(name);
                object.set(each.getKey(), near(shape.get("object").get(name)));
            }
        });
        if (random.nextInt(10) == 0) {
            object.set(one(NAMES), any());
        }
        return shuffled(object);
    }
}
