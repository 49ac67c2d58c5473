package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the simulation writes ids, instants and values, and what it demands. */
final class Simulated {
    /** A lease that is over. */
    static final String OVER = "2000-01-01T00:00:00.000000Z";

    private Simulated() {}

    /** Something is not as it must be. */
    static void require(boolean holds, Supplier<String> what) {
        if (!holds) {
            throw new AssertionError(what.get());
        }
    }

    static <T> T known(@Nullable T value, String what) {
        if (value == null) {
            throw new AssertionError("there is no " + what);
        }
        return value;
    }

    static String hex(UniversalUuid id) {
        return id.toString().replace("-", "").toUpperCase(Locale.ROOT);
    }

    static UniversalUuid id(String hex) {
        return UniversalUuid.of(UUID.fromString(hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5")));
    }

    static String text(Instant instant) {
        return UniversalTimestamp.of(instant).toString();
    }

    static boolean isOver(String lease) {
        return lease.compareTo(OVER) <= 0;
    }

    static String json(Map<String, ? extends @Nullable Integer> values) {
        StringBuilder json = new StringBuilder();
        values.forEach((key, value) -> json.append(json.isEmpty() ? "{" : ",")
                .append('"')
                .append(key)
                .append("\":")
                .append(value));
        return json.isEmpty() ? "{}" : json.append('}').toString();
    }

    /** An input or what a body sees, as plain values. */
    static Map<String, Integer> input(ObjectNode values) {
        Map<String, Integer> input = new TreeMap<>();
        values.properties()
                .forEach(each -> input.put(each.getKey(), each.getValue().intValue()));
        return input;
    }
}
