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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A shape judges a value as reading it does, and so does the shape that was stored. */
class ShapeTest {
    /** For each type. */
    private static final int VALUES = Integer.getInteger("shape.values", 300);

    private static final JsonMapping MAPPING = new JsonMapping(List.of(), Payloads.PLAIN);

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
            List<Double> sizes,
            Set<Long> numbers,
            boolean urgent) {}

    record Simple(
            @Nullable Long id, List<Line> lines, Map<String, BigDecimal> prices, Color color, Optional<String> note) {}

    record Required(
            @JsonProperty(required = true) int id,
            @JsonAlias({"title", "label"}) String name) {}

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
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            List<Integer> many,

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
                of(boolean.class),
                of(Boolean.class),
                of(Short.class),
                of(int.class),
                of(Integer.class),
                of(long.class),
                of(Long.class),
                of(BigInteger.class),
                of(BigDecimal.class),
                of(String.class),
                of(CharSequence.class),
                of(Color.class),
                of(DayOfWeek.class),
                of(Line.class),
                of(Simple.class),
                of(Required.class),
                of(NoNull.class),
                of(Open.class),
                of(Ignoring.class),
                of(Empty.class),
                of(Bean.class),
                of(int[].class),
                of(String[].class),
                of(Line[].class),
                of(long[].class),
                of(boolean[].class),
                of(short[].class),
                of(List.class),
                of(Object.class),
                of(new TypeOf<List<String>>() {}),
                of(new TypeOf<List<Integer>>() {}),
                of(new TypeOf<Set<Color>>() {}),
                of(new TypeOf<Map<String, Line>>() {}),
                of(new TypeOf<Map<String, List<Long>>>() {}),
                of(new TypeOf<Optional<Line>>() {}),
                of(new TypeOf<List<Optional<Integer>>>() {}),
                of(new TypeOf<ArrayList<Line>>() {}),
                of(new TypeOf<Pair<Integer, List<Pair<String, Line>>>>() {}),
                of(Point.class),
                of(JsonNode.class));
    }

    /** What may be refused by more than its shape. */
    static Stream<Case> partial() {
        return Stream.of(
                of(Order.class),
                of(Tree.class),
                of(UUID.class),
                of(Instant.class),
                of(LocalDate.class),
                of(OffsetDateTime.class),
                of(Duration.class),
                of(Year.class),
                of(Date.class),
                of(URI.class),
                of(Locale.class),
                of(char.class),
                of(byte[].class),
                of(char[].class),
                of(double[].class),
                of(float[].class),
                of(byte.class),
                of(float.class),
                of(Double.class),
                of(double.class),
                of(Circle.class),
                of(Number.class),
                of(OptionalInt.class),
                of(Figure.class),
                of(Square.class),
                of(Kind.class),
                of(Drawing.class),
                of(Id.class),
                of(OfText.class),
                of(AsArray.class),
                of(Annotated.class),
                of(Thread.class),
                of(new TypeOf<Map<Integer, String>>() {}),
                of(new TypeOf<EnumMap<Color, Integer>>() {}),
                of(new TypeOf<List<Figure>>() {}),
                of(new TypeOf<Optional<Figure>>() {}),
                of(new TypeOf<Map<Color, Id>>() {}));
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
        for (int i = 0; i < VALUES; i++) {
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
        assertThat(read).as("values that are read").isGreaterThan(type == Thread.class ? -1 : 0);
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

    private record Change(String name, Type expected, Type written, String why) {
        @Override
        public String toString() {
            return name;
        }
    }

    record Before(int id, List<Line> lines) {}

    record Added(int id, List<Line> lines, String note) {}

    record AddedRequired(
            int id,
            List<Line> lines,
            @JsonProperty(required = true) String note) {}

    record Removed(int id) {}

    record Renamed(@JsonAlias("id") int number, List<Line> lines) {}

    record Text(String id, List<Line> lines) {}

    record Wider(long id, List<Line> lines) {}

    record LineOfText(String sku, String count) {}

    record Nested(int id, List<LineOfText> lines) {}

    record Keyed(int id, Map<String, Line> lines) {}

    enum Fewer {
        RED,
        green
    }

    sealed interface Less permits Less.Circle {
        record Circle(double radius) implements Less {}
    }

    sealed interface More permits More.Circle, More.Oval {
        record Circle(double radius) implements More {}

        record Oval(double width) implements More {}
    }

    static Stream<Change> changes() {
        return Stream.of(
                new Change("nothing", Before.class, Before.class, ""),
                new Change("added", Added.class, Before.class, ""),
                new Change(
                        "added, required",
                        AddedRequired.class,
                        Before.class,
                        "note: a text is required, and may be missing"),
                new Change("removed", Removed.class, Before.class, "lines: this field is unknown, and may be present"),
                new Change("removed, others ignored", Open.class, Line.class, ""),
                new Change("renamed, with an alias", Renamed.class, Before.class, ""),
                new Change(
                        "renamed back",
                        Before.class,
                        Renamed.class,
                        "number: this field is unknown, and may be present"),
                new Change(
                        "another type",
                        Text.class,
                        Before.class,
                        "id: a text is expected, and a whole number of 32 bits may be present"),
                new Change("wider", Wider.class, Before.class, ""),
                new Change(
                        "narrower",
                        Before.class,
                        Wider.class,
                        "id: a whole number of 32 bits is expected, and a whole number of 64 bits may be present"),
                new Change("int as double", double.class, int.class, ""),
                new Change("double as decimal", BigDecimal.class, double.class, ""),
                new Change(
                        "fraction as int",
                        int.class,
                        BigDecimal.class,
                        "a whole number of 32 bits is expected, and a number may be present"),
                new Change(
                        "in a list",
                        Nested.class,
                        Before.class,
                        "lines[].count: a text is expected, and a whole number of 32 bits may be present"),
                new Change(
                        "list as map",
                        Keyed.class,
                        Before.class,
                        "lines: an object is expected, and a list may be present"),
                new Change(
                        "label removed",
                        Fewer.class,
                        Color.class,
                        "one of RED, green is expected, and 'lime' may be present"),
                new Change("label added", Color.class, Fewer.class, ""),
                new Change("enum as text", String.class, Color.class, ""),
                new Change(
                        "text as enum",
                        Color.class,
                        String.class,
                        "one of RED, green, lime, BLUE is expected, and a text may be present"),
                new Change(
                        "text as time",
                        Instant.class,
                        String.class,
                        "the text of a value of type Instant is expected, and a text may be present"),
                new Change("time as another", OffsetDateTime.class, Instant.class, ""),
                new Change(
                        "type removed",
                        Less.class,
                        More.class,
                        "@type: one of Circle is expected, and 'Oval' may be present"),
                new Change("type added", More.class, Less.class, ""),
                new Change("record as map", Map.class, Before.class, ""),
                new Change("optional", new TypeOf<Optional<Line>>() {}.type(), Line.class, ""),
                new Change("null refused", NoNull.class, Line.class, "sku: this field is unknown, and may be present"),
                new Change("unknown before", Before.class, Object.class, ""),
                new Change("unknown now", Object.class, Before.class, ""));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void tells_why_what_was_written_may_not_be_read(Change change) {
        Shape expected = MAPPING.shape(change.expected());
        Shape written = MAPPING.shape(change.written());
        assertThat(expected.whyNotReadable(written).orElse("")).isEqualTo(change.why());
        Shape stored = Shape.of(expected.json());
        assertThat(stored.whyNotReadable(Shape.of(written.json())).orElse("")).isEqualTo(change.why());
    }

    @Test
    void tells_each_misfit_with_its_path_and_little_of_the_value() {
        JsonNode order = JsonMapping.parse(
                "{\"id\": \"x\", \"lines\": [{\"count\": 1}, {\"count\": 1.5, \"size\": 1}], \"color\": \""
                        + "y".repeat(500)
                        + "\", \"note\": []}",
                "an order");
        List<String> problems = new ArrayList<>();
        MAPPING.shape(Simple.class).check(order, "order", problems);
        assertThat(problems)
                .containsExactly(
                        "order.id: expected a whole number of 64 bits, found the text 'x'",
                        "order.lines[1].count: expected a whole number of 32 bits, found the number 1.5",
                        "order.lines[1].size: this field is unknown",
                        "order.color: expected one of RED, green, lime, BLUE, found the text '" + "y".repeat(80) + "…'",
                        "order.note: expected a text, found a list");
        problems.clear();
        MAPPING.shape(int[].class).check(JsonMapping.parse("[" + "\"a\",".repeat(999) + "1]", "a list"), "", problems);
        assertThat(problems)
                .hasSize(Mismatches.MAX)
                .startsWith("[0]: expected a whole number of 32 bits, found the text 'a'");
    }

    @Test
    void is_short_for_people() {
        assertThat(MAPPING.shape(Required.class)).hasToString("{id: int, name?: text}");
        assertThat(MAPPING.shape(Simple.class))
                .hasToString("{id?: long, lines?: [{sku?: text, count?: int}], prices?: {*: number},"
                        + " color?: RED|green|lime|BLUE, note?: text}");
    }

    @Test
    void takes_what_a_newer_version_has_stored_for_anything() {
        List<String> unknown =
                List.of("\"money\"", "{\"list\": \"int\", \"max\": 3}", "{\"tuple\": []}", "7", "{}", "[]", "null");
        for (String stored : unknown) {
            assertThat(Shape.of(JsonMapping.parse(stored, stored))).as(stored).isEqualTo(Shape.ANY);
        }
        String deep = "{\"list\":".repeat(900) + "\"int\"" + "}".repeat(900);
        assertThat(Shape.of(JsonMapping.parse(deep, "deep")).toString()).contains("any");
    }

    record Wide(Six<Six<Six<Six<String>>>> all) {}

    record Six<T>(List<T> a, Set<T> b, Map<String, T> c, Optional<T> d, T e, Map<Integer, T> f) {}

    @Test
    void has_a_bounded_size() {
        assertThat(MAPPING.shape(Wide.class).json().toString())
                .hasSizeLessThan(20_000)
                .contains("any");
        judge(MAPPING, Wide.class, false);
    }

    /** What the application changes is not refused because the engine alone would. */
    @ParameterizedTest
    @MethodSource("exact")
    void follows_the_mapper_of_the_application(Case each) {
        List<Consumer<JsonMapper.Builder>> changes = List.of(
                mapper -> mapper.enable(
                        MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS),
                mapper -> mapper.enable(
                        DeserializationFeature.ACCEPT_EMPTY_STRING_AS_NULL_OBJECT,
                        DeserializationFeature.ACCEPT_EMPTY_ARRAY_AS_NULL_OBJECT,
                        DeserializationFeature.ACCEPT_FLOAT_AS_INT),
                mapper -> mapper.enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY),
                mapper -> mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES),
                mapper -> mapper.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES),
                mapper -> mapper.enable(
                        DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES));
        for (Consumer<JsonMapper.Builder> change : changes) {
            judge(new JsonMapping(List.of(change), Payloads.PLAIN), each.type(), false);
        }
    }
}
