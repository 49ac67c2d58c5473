package io.cloacina.engine.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.TypeOf;
import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

/** A shape judges a value as reading it does, and so does the shape that was stored. */
class ShapeTest {
    private static final JsonMapping MAPPING = new JsonMapping(List.of());

    enum Color {
        RED,
        @JsonProperty("green")
        @JsonAlias("lime")
        GREEN,
        BLUE {
            @Override
            public String toString() {
                return "deep blue";
            }
        }
    }

    record Line(String sku, int count) {}

    record Order(
            UUID id,
            List<Line> lines,
            Map<String, BigDecimal> prices,
            Color color,
            Optional<String> note,
            double[] sizes,
            Set<Long> numbers,
            boolean urgent) {}

    record Simple(@Nullable Long id, List<Line> lines, Map<String, BigDecimal> prices, Color color, Optional<String> note) {}

    record Required(@JsonProperty(required = true) int id, @JsonAlias({"title", "label"}) String name) {}

    record NoNull(@JsonSetter(nulls = Nulls.FAIL) String name, int count) {}

    record Tree(int value, List<Tree> children) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Open(int value) {}

    @JsonIgnoreProperties({"old"})
    record Ignoring(int value) {}

    record Empty() {}

    record Pair<A, B>(A first, B second) {}

    static final class Bean {
        private String name = "";
        public int size;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public int getLength() {
            return name.length();
        }
    }

    sealed interface Figure permits Circle, Point, Square, Kind {}

    record Circle(double radius) implements Figure {}

    record Point(int x, String name) implements Figure {}

    record Square(byte side, @Nullable Figure inner) implements Figure {}

    enum Kind implements Figure {
        FLAT,
        ROUND
    }

    record Drawing(List<Figure> figures, Circle circle, Map<String, Figure> named) {}

    record Id(String text) {
        @JsonCreator
        static Id of(String text) {
            return new Id(text);
        }

        @JsonValue
        String asText() {
            return text;
        }
    }

    static final class OfText {
        public String text;

        public OfText(String text) {
            this.text = text;
        }

        public OfText() {
            this("");
        }
    }

    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    record AsArray(int x, int y) {}

    record Annotated(
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<Integer> many,
            @JsonFormat(shape = JsonFormat.Shape.NUMBER) Instant at,
            @JsonDeserialize(contentUsing = Lenient.class) List<Integer> lenient,
            @JsonDeserialize(contentUsing = Lenient.class) Optional<Integer> maybe,
            @JsonDeserialize(using = Lenient.class) Integer number) {}

    static final class Lenient extends StdDeserializer<Integer> {
        private static final long serialVersionUID = 1L;

        Lenient() {
            super(Integer.class);
        }

        @Override
        public Integer deserialize(JsonParser from, DeserializationContext context) throws IOException {
            from.skipChildren();
            return 1;
        }
    }

    private record Case(String name, Type type) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(Type type) {
        return new Case(WrongType.name(type), type);
    }

    private static Case of(TypeOf<?> type) {
        return of(type.type());
    }

    /** What is described as it is read, to the last bit. */
    static Stream<Case> exact() {
        return Stream.of(
                of(boolean.class), of(Boolean.class), of(byte.class), of(Short.class), of(int.class), of(Integer.class),
                of(long.class), of(Long.class), of(BigInteger.class), of(BigDecimal.class), 
                of(String.class), of(CharSequence.class), of(Color.class), of(DayOfWeek.class),
                of(Line.class), of(Simple.class), of(Required.class), of(NoNull.class), of(Open.class), of(Ignoring.class),
                of(Empty.class), of(Bean.class), of(int[].class), of(String[].class), of(Line[].class), 
                of(long[].class), of(boolean[].class), of(short[].class), of(List.class), of(Object.class),
                of(new TypeOf<List<String>>() {}), of(new TypeOf<List<Integer>>() {}), of(new TypeOf<Set<Color>>() {}),
                of(new TypeOf<Map<String, Line>>() {}), of(new TypeOf<Map<String, List<Long>>>() {}),
                of(new TypeOf<Optional<Line>>() {}), of(new TypeOf<List<Optional<Integer>>>() {}),
                of(new TypeOf<ArrayList<Line>>() {}), of(new TypeOf<Pair<Integer, List<Pair<String, Line>>>>() {}),
                of(Point.class), of(JsonNode.class));
    }

    /** What may be refused by more than its shape. */
    static Stream<Case> partial() {
        return Stream.of(
                of(Order.class), of(Tree.class), of(UUID.class), of(Instant.class), of(LocalDate.class), of(OffsetDateTime.class),
                of(Duration.class), of(Year.class), of(Date.class), of(URI.class), of(Locale.class), of(char.class), of(byte[].class),
                of(char[].class), of(double[].class), of(float[].class), of(float.class), of(Double.class), of(double.class), of(Circle.class), of(Number.class), of(OptionalInt.class), of(Figure.class), of(Square.class), of(Kind.class),
                of(Drawing.class), of(Id.class), of(OfText.class), of(AsArray.class), of(Annotated.class), of(Thread.class),
                of(new TypeOf<Map<Integer, String>>() {}), of(new TypeOf<EnumMap<Color, Integer>>() {}),
                of(new TypeOf<List<Figure>>() {}), of(new TypeOf<Optional<Figure>>() {}), of(new TypeOf<Map<Color, Id>>() {}));
    }

    @ParameterizedTest
    @MethodSource("exact")
    void refuses_exactly_what_reading_refuses(Case each) {
        judge(MAPPING, each.type(), true);
    }

    @ParameterizedTest
    @MethodSource("partial")
    void refuses_nothing_that_is_read(Case each) {
        judge(MAPPING, each.type(), false);
    }

    private static void judge(JsonMapping mapping, Type type, boolean isExact) {
        Shape shape = mapping.shape(type);
        Shape stored = Shape.of(JsonMapping.parse(shape.json().toString(), "the shape"));
        assertThat(stored).isEqualTo(shape);
        assertThat(mapping.shape(type).json()).isEqualTo(shape.json());
        RandomJson random = new RandomJson(new Random(7));
        List<String> wrong = new ArrayList<>();
        int read = 0;
        for (int i = 0; i < Integer.getInteger("shape.values", 500); i++) {
            JsonNode value = random.near(shape.json());
            List<String> problems = problems(shape, value);
            assertThat(problems(stored, value)).isEqualTo(problems);
            String refusal = refusal(mapping, value, type);
            read += refusal.isEmpty() ? 1 : 0;
            if (refusal.isEmpty() != problems.isEmpty() && (isExact || refusal.isEmpty())) {
                wrong.add(value + ": " + problems + ", but reading says '" + refusal + "'");
            }
        }
        assertThat(wrong.stream().limit(5)).as("%s %s", shape, shape.json()).isEmpty();
        assertThat(read).as("values that are read").isGreaterThan(type == Thread.class ? -1 : 10);
    }

    private static List<String> problems(Shape shape, JsonNode value) {
        List<String> problems = new ArrayList<>();
        shape.check(value, "it", problems);
        return problems;
    }

    private static String refusal(JsonMapping mapping, JsonNode value, Type type) {
        try {
            mapping.read(value, "it", type, "a test");
            return "";
        } catch (CloacinaException e) {
            assertThat(e.code()).isEqualTo("WRONG_TYPE");
            return String.valueOf(e.getMessage());
        }
    }
}
