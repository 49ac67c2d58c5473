package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Schedule;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** What could not be read again is refused where it is given, whatever it is given as. */
@Timeout(120)
class RefusedValuesTest {
    private static final int MAX_BYTES = 200_000;

    /** @param says what the error says of it: where it is, what it is, what to do */
    private record Refused(String code, Supplier<@Nullable Object> value, List<String> says) {}

    private record Item(String name, Object price) {}

    private record Order(List<Item> items) {}

    /** What its own text does not make again. */
    private record Point(int x, int y) {}

    /** Jackson writes an empty object of a class that has an annotation, of whatever kind. */
    @NullMarked
    static final class Money {
        @SuppressWarnings("unused") // what would be lost
        private final int cents;

        Money(int cents) {
            this.cents = cents;
        }
    }

    static final class Node {
        private @Nullable Node next;

        public @Nullable Node getNext() {
            return next;
        }
    }

    record Broken(String name) {
        @Override
        public String name() {
            throw new IllegalStateException("no name today");
        }
    }

    private static final List<Refused> REFUSED = new ArrayList<>(List.of(
            notJson(
                    () -> new Order(List.of(new Item("a", 1), new Item("b", new Object()))),
                    "items[1].price'",
                    "java.lang.Object",
                    "pass on records"),
            notJson(() -> nested(1_001), "nested deeper than 1000 levels", "make it flatter"),
            notJson(RefusedValuesTest::list, "[0][0][0]", "does it contain itself?"),
            notJson(RefusedValuesTest::circle, "next.next", "does it contain itself?"),
            notJson(
                    () -> List.of(BigInteger.TEN.pow(100_000)),
                    "[0]'",
                    "more than 100000 digits",
                    "pass it on as a text"),
            notJson(() -> Map.of("th", new Thread()), "th'", "java.lang.Thread", "pass on records"),
            notJson(() -> List.of(new Item("a", new BitSet())), "[0].price'", "java.util.BitSet", "pass on records"),
            notJson(() -> List.of(new Money(5)), "[0]'", "nothing can be written of", "Money, which has no getters"),
            notJson(() -> Map.of("run", (Runnable) () -> {}), "run'", "which has no getters", "pass on records"),
            notJson(() -> Map.of("name", "half a pair: \uD83D"), "name'", "half of a surrogate pair", "as bytes"),
            notJson(() -> Map.of("\uDE00", 1), "half of a surrogate pair"),
            notJson(() -> List.of('\uD83D'), "[0]'", "half of a surrogate pair"),
            notJson(() -> Collections.singletonMap(null, 1), "null'", "Null key", "pass on"),
            notJson(() -> Map.of(new Point(1, 2), 1), "Point", "make it a text"),
            notJson(RefusedValuesTest::twice, "1'", "twice", "differ as texts"),
            notJson(() -> List.of(new Broken("x")), "[0].name'", "java.lang.IllegalStateException: no name today"),
            new Refused("CONTEXT_TOO_LARGE", () -> "x".repeat(MAX_BYTES), List.of("maxContextBytes")),
            new Refused("CONTEXT_TOO_LARGE", () -> "\u20AC".repeat(MAX_BYTES / 2), List.of("maxContextBytes")),
            new Refused("CONTEXT_TOO_LARGE", () -> Stream.generate(() -> 1), List.of("maxContextBytes")),
            new Refused(
                    "CONTEXT_TOO_LARGE",
                    () -> (Iterable<Integer>)
                            () -> Stream.iterate(1, i -> i + 1).iterator(),
                    List.of("maxContextBytes"))));

    static {
        BigDecimal large = new BigDecimal(BigInteger.valueOf(1_000), Integer.MIN_VALUE);
        try {
            assertThat(new BigDecimal(large.toString()))
                    .as("newer JVMs read what they write")
                    .isEqualTo(large);
        } catch (NumberFormatException e) {
            REFUSED.add(notJson(() -> List.of(large), "[0]'", "exponent", "pass it on as a text"));
        }
    }

    private static Refused notJson(Supplier<@Nullable Object> value, String... says) {
        return new Refused("NOT_JSON", value, List.of(says));
    }

    private static Object nested(int levels) {
        Object value = List.of();
        for (int i = 1; i < levels; i++) {
            value = List.of(value);
        }
        return value;
    }

    private static Object list() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        return list;
    }

    private static Object circle() {
        Node one = new Node();
        Node other = new Node();
        one.next = other;
        other.next = one;
        return one;
    }

    private static Object twice() {
        Map<Object, String> map = new LinkedHashMap<>();
        map.put(1, "one");
        map.put("1", "two");
        return map;
    }

    /** Each task gives the value of a case in another way. */
    private static final WorkflowDefinition GIVING = WorkflowDefinition.named("giving")
            .version("1")
            .task("output", context -> context.output(value(context.get("case", Integer.class))))
            .task("put", context -> context.put("key", value(context.get("case", Integer.class))))
            .task(
                    "child",
                    context -> context.output(Collections.singletonMap("v", value(context.get("case", Integer.class)))),
                    task -> task.child("listening"))
            .task(
                    "element",
                    context -> context.output(value(context.get("case", Integer.class))),
                    task -> task.forEach("one"))
            .task(
                    "list",
                    context -> context.output(Collections.singletonList(value(context.get("case", Integer.class)))))
            .task("each", context -> {}, task -> task.after("list").forEach("list"))
            .build();

    private static final WorkflowDefinition LISTENING = WorkflowDefinition.named("listening")
            .version("1")
            .task("wait", context -> {}, task -> task.signal("go"))
            .build();

    private static @Nullable Object value(int number) {
        return REFUSED.get(number).value().get();
    }

    private static TestEngine engine(TestDatabase database) {
        return TestEngine.on(database.url())
                .workflow(GIVING)
                .workflow(LISTENING)
                .configure(builder -> builder.maxContextBytes(MAX_BYTES))
                .start();
    }

    private static void isRefused(int number, ThrowingCallable giving) {
        CloacinaException error = catchThrowableOfType(CloacinaException.class, giving);
        assertThat(error).as("case %s", number).isNotNull();
        assertThat(error.code())
                .as(error.getMessage())
                .isEqualTo(REFUSED.get(number).code());
        assertThat(error.getMessage()).contains(REFUSED.get(number).says()).hasSizeLessThan(2_000);
    }

    @DatabaseTest
    void what_could_not_be_read_again_is_refused_as_an_input_a_signal_and_a_schedules_input(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            UUID listening = engine.submit("listening");
            for (int i = 0; i < REFUSED.size(); i++) {
                int number = i;
                isRefused(number, () -> engine.submit("listening", Collections.singletonMap("v", value(number))));
                isRefused(number, () -> engine.engine().signal(listening, "go", value(number)));
                isRefused(
                        number,
                        () -> engine.engine()
                                .schedules()
                                .put(Schedule.of("s", "listening")
                                        .cron("0 * * * *")
                                        .input(Map.of("v", Objects.requireNonNull(value(number))))));
            }
            engine.tick();
            assertThat(engine, listening).isRunning().hasTask("wait").waiting();
        }
    }

    @DatabaseTest
    void what_could_not_be_read_again_fails_the_attempt_that_gives_it(TestDatabase database) {
        try (TestEngine engine = engine(database)) {
            for (int i = 0; i < REFUSED.size(); i++) {
                UUID id = engine.run("giving", Map.of("case", i, "one", List.of(1)))
                        .id();
                assertThat(engine, id).isFailed();
                for (String task : List.of("output", "put", "child", "element[0]", "list")) {
                    String error = Objects.requireNonNull(engine.task(id, task).error(), task);
                    assertThat(error.lines().limit(3).toList().toString())
                            .as("%s of case %s", task, i)
                            .contains(REFUSED.get(i).says());
                }
            }
        }
    }
}
