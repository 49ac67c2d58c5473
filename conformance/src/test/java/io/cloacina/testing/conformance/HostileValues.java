package io.cloacina.testing.conformance;

import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What somebody may give by mistake, by the type of the parameter. */
final class HostileValues {
    private static final int LONG_TEXT = 60_000;
    private static final int LONG_LIST = 1_000_000;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "\t\n",
            "x".repeat(LONG_TEXT),
            "\0",
            "nul\0inside",
            "\ud800",
            "half \udc00 a pair",
            "🔑",
            "🔑".repeat(150),
            "two\nlines",
            "quo'te\"; DROP TABLE runners; --",
            "%s %n {} ${x} \\",
            "\u202eright to left");

    private static final Map<Class<?>, List<?>> BY_TYPE = new HashMap<>();

    static {
        BY_TYPE.put(String.class, TEXTS);
        BY_TYPE.put(
                Duration.class,
                List.of(
                        Duration.ZERO,
                        Duration.ofNanos(1),
                        Duration.ofNanos(-1),
                        Duration.ofDays(-1),
                        Duration.ofDays(36_500),
                        Duration.ofDays(36_500).plusNanos(1),
                        Duration.ofDays(800_000),
                        Duration.ofSeconds(Long.MAX_VALUE),
                        Duration.ofSeconds(Long.MIN_VALUE),
                        ChronoUnit.FOREVER.getDuration()));
        BY_TYPE.put(
                Instant.class,
                List.of(
                        Instant.MIN,
                        Instant.MAX,
                        Instant.EPOCH,
                        Instant.EPOCH.minusNanos(1),
                        Instant.parse("0001-01-01T00:00:00Z"),
                        Instant.parse("0001-01-01T00:00:00Z").minusNanos(1),
                        Instant.parse("9999-12-31T23:59:59.999999Z"),
                        Instant.parse("9999-12-31T23:59:59.999999999Z"),
                        Instant.parse("-10000-01-01T00:00:00Z"),
                        Instant.parse("+10000-01-01T00:00:00Z"),
                        Instant.parse("-290000-01-01T00:00:00Z"),
                        Instant.parse("+290000-01-01T00:00:00Z")));
        BY_TYPE.put(
                LocalDateTime.class,
                List.of(LocalDateTime.MIN, LocalDateTime.MAX, LocalDateTime.of(10_000, 1, 1, 0, 0)));
        List<Integer> numbers = List.of(Integer.MIN_VALUE, -1, 0, 1, 1_000_000_001, Integer.MAX_VALUE);
        BY_TYPE.put(int.class, numbers);
        BY_TYPE.put(boolean.class, List.of(true, false));
        BY_TYPE.put(
                double.class,
                List.of(Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, -0.1, -0.0, 1.0, 1e300));
        BY_TYPE.put(UUID.class, List.of(new UUID(0, 0), new UUID(-1, -1), new UUID(1, 2), UUID.randomUUID()));
        BY_TYPE.put(Map.class, maps());
        BY_TYPE.put(
                Class.class,
                List.of(void.class, Void.class, int.class, Object.class, Runnable.class, Class.class, int[].class));
        BY_TYPE.put(
                Path.class,
                List.of(
                        Path.of(""),
                        Path.of("/"),
                        Path.of("no such file"),
                        Path.of("/dev/zero"),
                        Path.of("x".repeat(300))));
        BY_TYPE.put(byte[].class, List.of(new byte[0], new byte[1], new byte[1_000_000]));
        BY_TYPE.put(
                Clock.class,
                List.of(
                        Clock.fixed(Instant.MIN, ZoneOffset.UTC),
                        Clock.fixed(Instant.MAX, ZoneOffset.UTC),
                        Clock.fixed(Instant.parse("9999-12-31T23:59:59Z"), ZoneOffset.UTC),
                        Clock.fixed(Instant.parse("0001-01-01T00:00:00Z"), ZoneOffset.UTC)));
        BY_TYPE.put(ZoneId.class, List.of(ZoneOffset.MIN, ZoneOffset.MAX, ZoneId.of("Pacific/Kiritimati")));
    }

    private HostileValues() {}

    /** User code that fails. */
    static final class OwnException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OwnException() {
            super("as it should", null, false, false);
        }
    }

    private static List<Map<String, ?>> maps() {
        Map<String, Object> nullKey = new HashMap<>();
        nullKey.put(null, 1);
        Map<String, Object> nullValue = new HashMap<>();
        nullValue.put("a", null);
        Map<String, Object> many = new HashMap<>();
        for (int i = 0; i < 30_000; i++) {
            many.put("k" + i, i);
        }
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        return List.of(
                Map.of(),
                Map.of("a", itself),
                nullKey,
                nullValue,
                many,
                Map.of("", 1),
                Map.of("\0", "\0"),
                Map.of("\ud800", 1),
                Map.of("a", "\udc00"),
                Map.of("x".repeat(LONG_TEXT), 1));
    }

    /** What a parameter of that type may get, null first. */
    static List<@Nullable Object> of(Class<?> type, @Nullable Object benign) {
        List<@Nullable Object> all = new ArrayList<>();
        if (!type.isPrimitive()) {
            all.add(null);
        }
        all.addAll(BY_TYPE.getOrDefault(type, List.of()));
        if (type.isEnum()) {
            all.addAll(Arrays.asList(type.getEnumConstants()));
        } else if (type == List.class || type == Collection.class) {
            all.addAll(lists((Collection<?>) Objects.requireNonNull(benign)));
        } else if (type.isArray() && !type.getComponentType().isPrimitive()) {
            all.addAll(arrays(type.getComponentType(), (Object[]) Objects.requireNonNull(benign)));
        } else if (type.isInterface() && !BY_TYPE.containsKey(type) && !type.isSealed()) {
            all.add(failing(type));
        } else if (type == Object.class) {
            all.addAll(TEXTS);
        }
        return all;
    }

    private static List<Object> lists(Collection<?> benign) {
        Object one = benign.iterator().next();
        return List.of(
                List.of(),
                Collections.singletonList(null),
                Arrays.asList(one, null),
                Collections.nCopies(LONG_LIST, one));
    }

    private static List<Object> arrays(Class<?> component, Object[] benign) {
        Object[] two = (Object[]) Array.newInstance(component, 2);
        two[0] = benign[0];
        Object[] many = (Object[]) Array.newInstance(component, LONG_LIST);
        Arrays.fill(many, benign[0]);
        return List.of(Array.newInstance(component, 0), Array.newInstance(component, 1), two, many);
    }

    private static Object failing(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> "a failing " + type.getSimpleName();
                };
            }
            throw new OwnException();
        });
    }
}
