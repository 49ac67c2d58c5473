package io.cloacina.schema.type;

import io.cloacina.api.Labeled;
import io.cloacina.schema.internal.ArgumentChecks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column type: how each backend declares, binds and reads it. Immutable, thread safe.
 *
 * @param <T> the Java type of the values
 */
public final class DataType<T> {
    /** 16 bytes: {@code uuid} on PostgreSQL, a BLOB on SQLite. */
    public static final DataType<UniversalUuid> UUID =
            of("uuid", UniversalUuid.class, UniversalUuid.NIL, SqliteCodecs.UUID, PostgresCodecs.UUID);
    /** Microseconds in UTC: {@code timestamp} on PostgreSQL, 27 characters on SQLite. */
    public static final DataType<UniversalTimestamp> TIMESTAMP = of(
            "timestamp",
            UniversalTimestamp.class,
            UniversalTimestamp.ofEpochMicros(0),
            SqliteCodecs.TIMESTAMP,
            PostgresCodecs.TIMESTAMP);
    /** {@code boolean} on PostgreSQL, 0 or 1 on SQLite. */
    public static final DataType<UniversalBool> BOOL =
            of("boolean", UniversalBool.class, UniversalBool.FALSE, SqliteCodecs.BOOL, PostgresCodecs.BOOL);
    /** {@code bytea} on PostgreSQL, a BLOB on SQLite. */
    public static final DataType<UniversalBinary> BINARY = of(
            "binary",
            UniversalBinary.class,
            UniversalBinary.of(new byte[0]),
            SqliteCodecs.BINARY,
            PostgresCodecs.BINARY);
    /** Text of any length, ordered by code point; U+0000 and lone surrogates are refused. */
    public static final DataType<String> TEXT = text("text", "", TextRules::storable, OptionalInt.empty());
    /** Text that contains JSON; the databases do not check it. */
    public static final DataType<String> JSON = text("json", "{}", TextRules::storable, OptionalInt.empty());
    /** 32 bits, signed. */
    public static final DataType<Integer> INTEGER =
            of("integer", Integer.class, 1, SqliteCodecs.INTEGER, PostgresCodecs.INTEGER);
    /** 64 bits, signed. */
    public static final DataType<Long> BIGINT =
            of("bigint", Long.class, 1L, SqliteCodecs.BIGINT, PostgresCodecs.BIGINT);

    private static final String FORM = "the form of payloads";

    private final String name;
    private final Class<T> javaType;
    private final T sample;
    private final List<Codec<T>> codecs;
    private final Function<String, Optional<String>> sharedCheck;
    private final OptionalInt maxCodePoints;
    private final List<String> labels;
    private final PayloadForm.@Nullable Place place;

    /** @param codecs in the order of {@link Backend} */
    private DataType(
            String name,
            Class<T> javaType,
            T sample,
            List<Codec<T>> codecs,
            Function<String, Optional<String>> sharedCheck,
            OptionalInt maxCodePoints,
            List<String> labels,
            PayloadForm.@Nullable Place place) {
        this.name = name;
        this.javaType = javaType;
        this.sample = sample;
        this.codecs = codecs;
        this.sharedCheck = sharedCheck;
        this.maxCodePoints = maxCodePoints;
        this.labels = labels;
        this.place = place;
    }

    private static <T> DataType<T> of(String name, Class<T> javaType, T sample, Codec<T> sqlite, Codec<T> postgres) {
        return new DataType<>(
                name,
                javaType,
                sample,
                List.of(sqlite, postgres),
                DeclaredCodec.NO_CHECK,
                OptionalInt.empty(),
                List.of(),
                null);
    }

    private static DataType<String> text(
            String name, String sample, Function<String, String> storable, OptionalInt maxCodePoints) {
        Function<String, Optional<String>> sharedCheck = maxCodePoints.isEmpty()
                ? DeclaredCodec.NO_CHECK
                : column -> Optional.of("length(" + column + ") <= " + maxCodePoints.getAsInt());
        return new DataType<>(
                name,
                String.class,
                sample,
                List.of(
                        SqliteCodecs.text(storable, Function.identity()),
                        PostgresCodecs.text(storable, Function.identity())),
                sharedCheck,
                maxCodePoints,
                List.of(),
                null);
    }

    /**
     * A {@link #JSON} payload, which the {@link PayloadForm} of the database may encode.
     *
     * @param column table and column, such as {@code contexts.value}
     */
    public static DataType<String> payloadJson(String column) {
        return payload(JSON, new PayloadForm.Place(column, true));
    }

    /** A {@link #TEXT} payload that may contain values of users, such as an error; as {@link #payloadJson}. */
    public static DataType<String> payloadText(String column) {
        return payload(TEXT, new PayloadForm.Place(column, false));
    }

    private static DataType<String> payload(DataType<String> of, PayloadForm.Place place) {
        return new DataType<>(
                of.name, of.javaType, of.sample, of.codecs, of.sharedCheck, of.maxCodePoints, of.labels, place);
    }

    /**
     * {@link #TEXT} of limited length, checked when it is bound and by both databases.
     *
     * @param maxCodePoints the greatest number of Unicode code points, at least 1
     */
    public static DataType<String> text(int maxCodePoints) {
        if (maxCodePoints < 1) {
            throw new InvalidSchemaException("maxCodePoints must be at least 1, not " + maxCodePoints);
        }
        return text("text", "", text -> TextRules.storable(text, maxCodePoints), OptionalInt.of(maxCodePoints));
    }

    /**
     * A closed set of texts: the labels of an enum, checked by both databases. Reading any other text is an
     * {@link InvalidValueException}.
     *
     * @throws InvalidSchemaException if the enum has no constants, or a label is empty, not storable or not unique
     */
    public static <E extends Enum<E> & Labeled> DataType<E> enumText(Class<E> closedSet) {
        EnumLabels<E> labels = new EnumLabels<>(ArgumentChecks.given("the class of the enum", closedSet));
        return new DataType<>(
                "enum",
                closedSet,
                labels.first(),
                List.of(
                        SqliteCodecs.text(Labeled::label, labels::constant),
                        PostgresCodecs.text(Labeled::label, labels::constant)),
                column -> Optional.of(labels.check(column)),
                OptionalInt.empty(),
                labels.labels(),
                null);
    }

    /**
     * The logical name, the same for both backends: {@code uuid}, {@code timestamp}, {@code boolean}, {@code binary},
     * {@code text}, {@code json}, {@code enum}, {@code integer} or {@code bigint}.
     */
    public String name() {
        return name;
    }

    public Class<T> javaType() {
        return javaType;
    }

    /** The codec of this type on a backend. */
    @SuppressWarnings("EnumOrdinal") // the list is made here, in the order of the enum
    public Codec<T> codec(Backend backend) {
        return codecs.get(ArgumentChecks.given("the backend", backend).ordinal());
    }

    /** Whether values pass through the {@link PayloadForm} of the database. */
    public boolean isPayload() {
        return place != null;
    }

    /** Converts a value to its stored form. */
    public T stored(T value, PayloadForm form) {
        ArgumentChecks.given("the value", value);
        ArgumentChecks.given(FORM, form);
        return place == null ? value : javaType.cast(form.stored((String) value, place));
    }

    /** Converts a stored value back. */
    public T read(T stored, PayloadForm form) {
        ArgumentChecks.given("the stored value", stored);
        ArgumentChecks.given(FORM, form);
        return place == null ? stored : javaType.cast(form.read((String) stored, place));
    }

    /** Some value of the type, for probing statements. */
    public T sample() {
        return sample;
    }

    /**
     * The CHECK condition that both backends carry, spelled alike, such as {@code status IN ('Ready', 'Running')}.
     *
     * @param column the column's name as SQL spells it
     */
    public Optional<String> sharedCheck(String column) {
        return sharedCheck.apply(ArgumentChecks.given("the column", column));
    }

    /** The limit of a {@link #text(int)}. */
    public OptionalInt maxCodePoints() {
        return maxCodePoints;
    }

    /** The labels of an {@link #enumText}, in the order of the enum; otherwise empty. */
    public List<String> labels() {
        return labels;
    }

    /** The name with its limit or enum, such as {@code text(200)} or {@code enum TaskStatus}. */
    @Override
    public String toString() {
        if (maxCodePoints.isPresent()) {
            return name + "(" + maxCodePoints.getAsInt() + ")";
        }
        return labels.isEmpty() ? name : name + " " + javaType.getSimpleName();
    }
}
