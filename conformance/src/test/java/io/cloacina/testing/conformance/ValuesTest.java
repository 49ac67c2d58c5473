package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;

/** What crosses from task to task as JSON comes out as it went in. */
@Timeout(60)
class ValuesTest {
    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    record Square(int side) implements Shape {}

    sealed interface Group extends Shape {}

    record Several(List<Shape> shapes, Optional<Shape> first) implements Group {}

    sealed interface Answer permits Amount, Fixed, Operation, Code, Sized {}

    record Amount(int cents) implements Answer {}

    enum Fixed implements Answer {
        YES,
        NO
    }

    /** Its constants have classes of their own. */
    enum Operation implements Answer {
        PLUS {
            @Override
            int of(int a, int b) {
                return a + b;
            }
        };

        abstract int of(int a, int b);
    }

    /** A constant with the name of another enum's. */
    enum Code implements Answer {
        YES
    }

    record Sized<T>(T value, List<T> more) implements Answer {}

    record Box<T>(T content, Answer answer) {}

    record Order(
            UUID id,
            BigDecimal total,
            Instant at,
            LocalDate day,
            OffsetDateTime due,
            Duration within,
            ZoneId zone,
            DayOfWeek weekday,
            Optional<String> note,
            Map<String, List<Integer>> sizes,
            Set<Locale> languages,
            URI link) {}

    private static <T> T across(TestDatabase database, Object value, TypeOf<T> type) {
        AtomicReference<T> seen = new AtomicReference<>();
        WorkflowDefinition workflow = WorkflowDefinition.named("across")
                .version("1")
                .task("write", context -> context.output(value))
                .task("read", context -> seen.set(context.get("write", type)), task -> task.after("write"))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            assertThat(engine, engine.run("across").id()).isCompleted();
            return Objects.requireNonNull(seen.get());
        }
    }

    @DatabaseTest
    void a_value_of_a_sealed_type_says_which_it_is(TestDatabase database) {
        Shape shape = new Several(List.of(new Circle(1.5), new Square(2)), Optional.of(new Circle(0)));
        assertThat(across(database, shape, new TypeOf<Shape>() {})).isEqualTo(shape);
        assertThat(across(database, List.of(shape, new Square(1)), new TypeOf<List<Shape>>() {}))
                .containsExactly(shape, new Square(1));
        assertThat(across(database, new Square(3), new TypeOf<Square>() {})).isEqualTo(new Square(3));
        assertThat(across(database, Map.of("one", new Circle(2)), new TypeOf<Map<String, Shape>>() {}))
                .isEqualTo(Map.of("one", new Circle(2)));
    }

    @DatabaseTest
    void an_enum_of_a_sealed_type_says_which_it_is(TestDatabase database) {
        List<Answer> answers =
                List.of(Fixed.YES, Code.YES, Operation.PLUS, new Amount(1), Fixed.NO, new Sized<>("a", List.of("b")));
        assertThat(across(database, answers, new TypeOf<List<Answer>>() {})).isEqualTo(answers);
        assertThat(across(database, Code.YES, new TypeOf<Answer>() {})).isEqualTo(Code.YES);
        assertThat(across(database, Operation.PLUS, new TypeOf<Operation>() {})).isEqualTo(Operation.PLUS);
        assertThat(across(database, Set.of(Fixed.NO), new TypeOf<Set<Fixed>>() {}))
                .containsExactly(Fixed.NO);
        assertThat(across(database, Optional.of(Fixed.NO), new TypeOf<Optional<Answer>>() {}))
                .contains(Fixed.NO);
        Map<Answer, Answer> keyed = Map.of(Fixed.YES, Code.YES, Code.YES, new Amount(2), Operation.PLUS, Fixed.YES);
        assertThat(across(database, keyed, new TypeOf<Map<Answer, Answer>>() {}))
                .isEqualTo(keyed);
        assertThat(across(database, Map.of(Fixed.YES, 1), new TypeOf<Map<Fixed, Integer>>() {}))
                .isEqualTo(Map.of(Fixed.YES, 1));
        Box<List<Amount>> box = new Box<>(List.of(new Amount(3)), Fixed.YES);
        assertThat(across(database, box, new TypeOf<Box<List<Amount>>>() {})).isEqualTo(box);
    }

    @DatabaseTest
    void records_with_the_types_of_the_jdk_come_out_as_they_went_in(TestDatabase database) {
        Order order = new Order(
                UUID.fromString("01a21148-0c7a-7f0a-a695-79075b8d754d"),
                new BigDecimal("12.50"),
                Instant.parse("2026-03-01T12:30:00.123456Z"),
                LocalDate.of(2026, 2, 28),
                OffsetDateTime.parse("2026-03-01T12:30:00+02:00"),
                Duration.ofMillis(90_500),
                ZoneId.of("America/New_York"),
                DayOfWeek.FRIDAY,
                Optional.empty(),
                Map.of("a", List.of(1, 2)),
                Set.of(Locale.FRANCE),
                URI.create("https://example.org/1"));
        assertThat(across(database, order, new TypeOf<Order>() {})).isEqualTo(order);
        assertThat(across(database, new byte[] {1, -1}, new TypeOf<byte[]>() {}))
                .containsExactly(1, -1);
        assertThat(across(database, Path.of("in", "data.csv").toString(), new TypeOf<Path>() {}))
                .isEqualTo(Path.of("in", "data.csv"));
    }
}
