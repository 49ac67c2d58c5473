package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/** What is stored is read as what it is, or not at all. */
@Timeout(120)
class StrictValuesTest {
    record Flag(boolean on) {}

    record Count(int count) {}

    record Name(String name) {}

    record At(Instant at) {}

    record Order(List<Item> items) {}

    record Item(BigDecimal price, TimeUnit unit) {}

    record Written(
            @JsonFormat(shape = JsonFormat.Shape.NUMBER) Instant at) {}

    record Signs(double twice, Double boxed, float single, List<Double> list) {}

    /** Its constants have classes of their own. */
    enum Operation {
        PLUS {
            @Override
            int of(int a, int b) {
                return a + b;
            }
        };

        abstract int of(int a, int b);
    }

    private record Refused(Object given, TypeOf<?> type, List<String> says) {}

    private static Refused refused(Object given, TypeOf<?> type, String... says) {
        return new Refused(given, type, List.of(says));
    }

    private static final List<Refused> REFUSED = List.of(
            refused(42, new TypeOf<Boolean>() {}, "is the number 42, not a Boolean"),
            refused(0, new TypeOf<Boolean>() {}, "not a Boolean"),
            refused("true", new TypeOf<Boolean>() {}, "is the text 'true', not a Boolean"),
            refused(42, new TypeOf<String>() {}, "is the number 42, not a String"),
            refused(4.5, new TypeOf<String>() {}, "is the number 4.5, not a String"),
            refused(true, new TypeOf<String>() {}, "is the boolean true, not a String"),
            refused(true, new TypeOf<Integer>() {}, "is the boolean true, not an Integer"),
            refused(List.of("a"), new TypeOf<String>() {}, "is a list, not a String"),
            refused("42", new TypeOf<Integer>() {}, "is the text '42', not an Integer"),
            refused("42", new TypeOf<Long>() {}, "the text '42'"),
            refused("4.5", new TypeOf<Double>() {}, "the text '4.5'"),
            refused("42", new TypeOf<BigDecimal>() {}, "the text '42'"),
            refused("42", new TypeOf<BigInteger>() {}, "the text '42'"),
            refused("42", new TypeOf<Number>() {}, "the text '42'"),
            refused("42", new TypeOf<OptionalInt>() {}, "the text '42'"),
            refused("42", new TypeOf<AtomicInteger>() {}, "the text '42'"),
            refused("42", new TypeOf<Optional<Integer>>() {}, "the text '42'"),
            refused(42.7, new TypeOf<Integer>() {}, "is the number 42.7, not an Integer"),
            refused(42.7, new TypeOf<Long>() {}, "the number 42.7"),
            refused(42.7, new TypeOf<Short>() {}, "the number 42.7"),
            refused(42.7, new TypeOf<Byte>() {}, "the number 42.7"),
            refused(42.7, new TypeOf<BigInteger>() {}, "the number 42.7"),
            refused(42.7, new TypeOf<OptionalInt>() {}, "the number 42.7"),
            refused(3_000_000_000L, new TypeOf<Integer>() {}, "the number 3000000000, not an int"),
            refused(200, new TypeOf<Byte>() {}, "the number 200"),
            refused((1L << 53) + 1, new TypeOf<Double>() {}, "the number 9007199254740993, not a double"),
            refused((1 << 24) + 1, new TypeOf<Float>() {}, "the number 16777217, not a float"),
            refused(new BigDecimal("1e400"), new TypeOf<Double>() {}, "not a double"),
            refused(1e300, new TypeOf<Float>() {}, "not a float"),
            refused(1e-300, new TypeOf<Float>() {}, "not a float"),
            refused(42, new TypeOf<Character>() {}, "the number 42"),
            refused(42, new TypeOf<Instant>() {}, "is the number 42, not an Instant"),
            refused(42, new TypeOf<Duration>() {}, "is the number 42, not a Duration"),
            refused(4.2, new TypeOf<Duration>() {}, "the number 4.2"),
            refused(42, new TypeOf<LocalDate>() {}, "the number 42"),
            refused(42, new TypeOf<Date>() {}, "the number 42"),
            refused(42, new TypeOf<ZoneId>() {}, "the number 42"),
            refused(42, new TypeOf<UUID>() {}, "the number 42"),
            refused(42, new TypeOf<URI>() {}, "the number 42"),
            refused(1, new TypeOf<TimeUnit>() {}, "is the number 1, not a TimeUnit"),
            refused("1", new TypeOf<TimeUnit>() {}, "is the text '1', not a TimeUnit"),
            refused(1, new TypeOf<DayOfWeek>() {}, "is the number 1, not a DayOfWeek"),
            refused("", new TypeOf<Integer>() {}, "is the text '', not an Integer"),
            refused("", new TypeOf<Boolean>() {}, "the text ''"),
            refused("", new TypeOf<Double>() {}, "the text ''"),
            refused("", new TypeOf<BigDecimal>() {}, "the text ''"),
            refused("", new TypeOf<Instant>() {}, "the text ''"),
            refused("", new TypeOf<Duration>() {}, "the text ''"),
            refused("", new TypeOf<Date>() {}, "the text ''"),
            refused("", new TypeOf<UUID>() {}, "the text ''"),
            refused("", new TypeOf<TimeUnit>() {}, "the text ''"),
            refused("", new TypeOf<Character>() {}, "the text ''"),
            refused("", new TypeOf<List<String>>() {}, "List<String>", "is the text '', not a List<String>"),
            refused("", new TypeOf<Map<String, String>>() {}, "the text ''"),
            refused("", new TypeOf<int[]>() {}, "the text ''"),
            refused("", new TypeOf<Count>() {}, "the text ''"),
            refused("yesterday", new TypeOf<Instant>() {}, "is the text 'yesterday', not an Instant"),
            refused("MINUS", new TypeOf<Operation>() {}, "is the text 'MINUS', not an Operation"),
            refused(Map.of("on", 1), new TypeOf<Flag>() {}, "its 'on' is the number 1, not a boolean"),
            refused(Map.of("count", "1"), new TypeOf<Count>() {}, "its 'count' is the text '1', not an int"),
            refused(Map.of("count", 1.5), new TypeOf<Count>() {}, "its 'count' is the number 1.5"),
            refused(Map.of("name", 1), new TypeOf<Name>() {}, "its 'name' is the number 1, not a String"),
            refused(Map.of("at", 1), new TypeOf<At>() {}, "its 'at' is the number 1, not an Instant"),
            refused(Map.of("more", 1), new TypeOf<Count>() {}, "its 'more' is unknown to Count"),
            refused(
                    Map.of("items", List.of(Map.of("price", 1), Map.of("price", "2"))),
                    new TypeOf<Order>() {},
                    "its 'items[1].price' is the text '2', not a BigDecimal"),
            refused(List.of(1, 2), new TypeOf<List<String>>() {}, "its '[0]' is the number 1, not a String"),
            refused(List.of(1), new TypeOf<String[]>() {}, "its '[0]' is the number 1"),
            refused(List.of("1"), new TypeOf<int[]>() {}, "its '[0]' is the text '1'"),
            refused(List.of(1.5), new TypeOf<long[]>() {}, "the number 1.5"),
            refused(List.of((1L << 53) + 1), new TypeOf<double[]>() {}, "the number 9007199254740993"),
            refused(Map.of("a", true), new TypeOf<Map<String, Integer>>() {}, "its 'a' is the boolean true"));

    private static void within(TestDatabase database, Map<String, ?> input, Consumer<Context> reading) {
        WorkflowDefinition workflow =
                WorkflowDefinition.named("strict").task("read", reading::accept).build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            assertThat(engine, engine.run("strict", input).id()).isCompleted();
        }
    }

    @DatabaseTest
    void what_would_change_a_value_or_its_kind_is_of_the_wrong_type(TestDatabase database) {
        Map<String, Object> input = new LinkedHashMap<>();
        REFUSED.forEach(each -> input.put("v" + input.size(), each.given()));
        List<String> problems = new ArrayList<>();
        within(database, input, context -> {
            for (int i = 0; i < REFUSED.size(); i++) {
                Refused each = REFUSED.get(i);
                String what = each.given() + " as " + each.type() + ": ";
                try {
                    problems.add(what + context.find("v" + i, each.type()));
                } catch (CloacinaException e) {
                    String message = String.valueOf(e.getMessage());
                    boolean isClear = e.code().equals("WRONG_TYPE")
                            && message.startsWith("the value of 'v" + i + "' in ")
                            && each.says().stream().allMatch(message::contains)
                            && !message.contains("deserialize")
                            && !message.contains("token")
                            && !message.contains("reference chain")
                            && !message.contains("oerc");
                    if (!isClear) {
                        problems.add(what + message);
                    }
                }
            }
        });
        assertThat(problems).isEmpty();
    }

    private static void isRead(Context context, String key, Type type, Object expected) {
        assertThat(context.<Object>get(key, Types.of(type)))
                .as("%s as %s", key, type)
                .isEqualTo(expected);
    }

    /** Of types that are known when the test runs. */
    private static final class Types {
        @SuppressWarnings("unchecked")
        static Class<Object> of(Type type) {
            return (Class<Object>) type;
        }
    }

    @DatabaseTest
    void a_number_is_read_as_any_type_that_has_room_for_it(TestDatabase database) {
        Map<String, Object> input = Map.of("one", 1, "large", 1L << 53, "half", 0.5, "year", Year.of(2026), "no", "");
        within(database, input, context -> {
            isRead(context, "one", Long.class, 1L);
            isRead(context, "one", Short.class, (short) 1);
            isRead(context, "one", Byte.class, (byte) 1);
            isRead(context, "one", Double.class, 1.0);
            isRead(context, "one", Float.class, 1f);
            isRead(context, "one", BigInteger.class, BigInteger.ONE);
            isRead(context, "one", BigDecimal.class, BigDecimal.ONE);
            isRead(context, "one", Number.class, 1);
            isRead(context, "large", Double.class, 0x1p53);
            isRead(context, "half", Float.class, 0.5f);
            isRead(context, "half", BigDecimal.class, new BigDecimal("0.5"));
            isRead(context, "year", Year.class, Year.of(2026));
            isRead(context, "no", String.class, "");
            isRead(context, "no", Locale.class, Locale.ROOT);
            isRead(context, "no", URI.class, URI.create(""));
        });
    }

    @DatabaseTest
    void what_an_annotation_writes_as_a_number_is_read_from_one(TestDatabase database) {
        Written written = new Written(Instant.ofEpochSecond(5, 7_000));
        within(
                database,
                Map.of("v", written),
                context -> assertThat(context.get("v", Written.class)).isEqualTo(written));
    }

    @DatabaseTest
    void a_negative_zero_stays_one(TestDatabase database) {
        Signs signs = new Signs(-0.0, -0.0, -0f, List.of(-0.0, 0.0));
        within(
                database,
                Map.of("signs", signs, "zero", -0.0, "decimal", new BigDecimal("-0.0"), "all", new double[] {-0.0}),
                context -> {
                    Signs read = context.get("signs", Signs.class);
                    assertThat(read.twice()).isEqualTo(-0.0);
                    assertThat(read.boxed()).isEqualTo(Double.valueOf(-0.0));
                    assertThat(Float.floatToRawIntBits(read.single())).isEqualTo(Float.floatToRawIntBits(-0f));
                    assertThat(read.list()).isEqualTo(List.of(-0.0, 0.0));
                    assertThat(context.get("all", double[].class)).isEqualTo(new double[] {-0.0});
                    assertThat(context.get("zero", Double.class)).isEqualTo(Double.valueOf(-0.0));
                    assertThat(context.get("zero", Object.class)).isEqualTo(new BigDecimal("0.0"));
                    assertThat(context.get("decimal", BigDecimal.class)).isEqualTo(new BigDecimal("0.0"));
                });
    }

    @SuppressWarnings("GetClassOnEnum") // it is the class of the constant that is asked for
    @DatabaseTest
    void the_class_of_a_constant_with_a_body_is_named(TestDatabase database) {
        within(
                database,
                Map.of("v", 1),
                context -> assertThatThrownBy(() -> context.get("v", Operation.PLUS.getClass()))
                        .isInstanceOf(CloacinaException.class)
                        .hasMessageContaining("cannot be read as Operation: "));
    }
}
