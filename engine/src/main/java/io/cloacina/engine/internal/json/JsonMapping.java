package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.PackageVersion;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How Java values become JSON and JSON becomes Java values. A value that the application gives is written as text and read as a
 * tree at once: so a value that is handed on in memory equals the one that other processes read, and a value that cannot be
 * read is refused where it was given. Only this class knows the limits and the mapper. Each engine has its own. Thread safe.
 */
public final class JsonMapping {
    /** How deep a value may be nested. */
    static final int MAX_DEPTH = 1_000;

    /** How many digits a number may have: the time in which the JDK reads it grows with their square. */
    static final int MAX_DIGITS = 100_000;

    /**
     * Room for what the engine puts around values (contexts, lists of results, results of children), and for numbers that are
     * written differently.
     */
    private static final int ROOM = 100;

    private static final JsonFactory GIVEN = factory(MAX_DEPTH, MAX_DIGITS);
    private static final JsonFactory STORED = factory(MAX_DEPTH + ROOM, MAX_DIGITS + ROOM);

    /** For trees, without any types. Decimals keep their digits. */
    private static final ObjectMapper TREES = JsonMapper.builder(STORED)
            .nodeFactory(new Numbers())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Refuses a key that occurs twice, because one of its values would be lost. */
    private static final ObjectReader GIVEN_TREES =
            TREES.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private static final String TOO_DEEP = "make it flatter, or store it elsewhere and pass on where it is";

    /** Why a text cannot be stored. */
    static final String HALF_A_PAIR =
            "it has half of a surrogate pair, which is not Unicode; correct it, or pass it on as bytes";

    /** What to do about too many bytes. */
    static final String TOO_LARGE = "store large data elsewhere and pass on where it is, or raise maxContextBytes where"
            + " the engine is built";

    /**
     * A decimal with scale zero is written without a point and would be read as an integer, so it becomes an integer at once.
     */
    private static final class Numbers extends JsonNodeFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public ValueNode numberNode(@Nullable BigDecimal value) {
            if (value == null || value.scale() != 0) {
                return super.numberNode(value);
            }
            BigInteger whole = value.unscaledValue();
            if (whole.bitLength() >= Long.SIZE) {
                return numberNode(whole);
            }
            long number = whole.longValue();
            return number == (int) number ? numberNode((int) number) : numberNode(number);
        }
    }

    /** For values of the JDK alone, so that it never keeps a class of a package that is unloaded. */
    public static final JsonMapping PLAIN = new JsonMapping(List.of(), Payloads.PLAIN);

    private final List<Consumer<JsonMapper.Builder>> customizers;
    private final Payloads payloads;
    private final LargeValues largeValues = new LargeValues();
    private volatile ObjectMapper mapper;

    /**
     * The mapping of an engine. {@code customizers}: changes that the application makes to the mapper; {@code payloads}: how
     * the texts are stored.
     */
    public JsonMapping(List<Consumer<JsonMapper.Builder>> customizers, Payloads payloads) {
        this.customizers = customizers;
        this.payloads = payloads;
        this.mapper = mapper();
    }

    private static JsonFactory factory(int maxDepth, int maxDigits) {
        // The engine limits the number of bytes.
        StreamReadConstraints.Builder reading = StreamReadConstraints.builder()
                .maxNestingDepth(maxDepth)
                .maxNumberLength(maxDigits)
                .maxStringLength(Integer.MAX_VALUE);
        JsonFactoryBuilder factory = new JsonFactoryBuilder();
        // Jackson 2.15 has no such limits: there, a value that was written too deep is refused when it is read again.
        if (PackageVersion.VERSION.getMinorVersion() > 15) {
            reading.maxNameLength(Integer.MAX_VALUE);
            factory.streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(maxDepth).build());
        }
        return factory.streamReadConstraints(reading.build())
                // Whether keys can be read must not depend on which keys were read before.
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .build();
    }

    /** Instants are ISO 8601 texts, and a value of a sealed type names its type. */
    private ObjectMapper mapper() {
        LookupCache<Object, JavaType> types = new LRUMap<>(16, 200);
        JsonMapper.Builder builder = StrictReading.in(JsonMapper.builder())
                // A type factory of its own, so that its cache of types is dropped with the mapper.
                .typeFactory(TypeFactory.defaultInstance().withCache(types))
                .annotationIntrospector(new JacksonAnnotationIntrospector())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .addModule(SealedTypes.module())
                .addModule(MapKeys.module())
                .addModule(ValuesOnly.module());
        customizers.forEach(customizer -> customizer.accept(builder));
        return builder.build();
    }

    /** How the texts of values are stored. */
    public Payloads payloads() {
        return payloads;
    }

    /** Warns of values that should rather be stored elsewhere. */
    public LargeValues largeValues() {
        return largeValues;
    }

    /** Forgets everything that is known of classes, because some are unloaded. */
    public void forgetTypes() {
        mapper = mapper();
    }

    /** The JSON from which a type is read, as far as that is known. Keeps no reference to the type. */
    public Shape shape(Type type) {
        return Shapes.of(mapper, type);
    }

    /**
     * Reads stored JSON.
     *
     * @param what names it in messages
     * @throws CloacinaException if it is damaged, or could not be decoded
     */
    static JsonNode parse(String json, String what) {
        Payloads.requireDecoded(json, what);
        try (JsonParser from = new SignedZeroParser(STORED.createParser(json))) {
            JsonNode tree = TREES.readTree(from);
            if (tree != null && from.nextToken() == null) {
                return tree;
            }
            throw new CloacinaException(ErrorCodes.DAMAGED_CONTEXT, what + " is not one JSON value");
        } catch (IOException | NumberFormatException e) { // the second: an exponent is out of range
            throw new CloacinaException(ErrorCodes.DAMAGED_CONTEXT, what + " is not JSON: " + ErrorText.message(e), e);
        }
    }

    /**
     * The text of a tree.
     *
     * @throws CloacinaException if it is nested too deep, which may be due to what the engine puts around a value
     */
    public static String text(JsonNode tree, String where) {
        try {
            return TREES.writeValueAsString(tree);
        } catch (StreamConstraintsException e) {
            throw new CloacinaException(
                    ErrorCodes.NOT_JSON,
                    where + " is nested deeper than " + (MAX_DEPTH + ROOM) + " levels: " + TOO_DEEP,
                    e);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The tree of a value, as it will be read later.
     *
     * @param key the name of the value
     * @param where what it is part of
     * @param maxBytes how long it may be as JSON
     * @throws CloacinaException if it cannot be JSON, or cannot be read again, or is too large
     */
    JsonNode tree(String key, @Nullable Object value, String where, int maxBytes) {
        return parse(key, written(key, value, where, maxBytes), where);
    }

    private String written(String key, @Nullable Object value, String where, int maxBytes) {
        BoundedText text = new BoundedText(maxBytes);
        Throwable error = null;
        ObjectMapper present = mapper;
        try (JsonGenerator to = GIVEN.createGenerator(text)) {
            to.setCodec(present);
            present.writeValue(to, value);
        } catch (Throwable e) { // the edge of user code: getters and serializers may throw anything
            error = e;
        }
        if (text.isFull()) {
            throw new CloacinaException(
                    ErrorCodes.CONTEXT_TOO_LARGE,
                    named(key, "", where) + " has more bytes as JSON than the " + maxBytes + " that are allowed: "
                            + TOO_LARGE,
                    error);
        }
        if (error != null) {
            String path = error instanceof JsonMappingException at ? KeyPath.of(at.getPath()) : "";
            throw refused(key, where, path, whyNotWritten(error), error);
        }
        return text.toString();
    }

    /** Reads the text that was written, because serializers of the application may have written anything. */
    private static JsonNode parse(String key, String text, String where) {
        try (JsonParser from = new SignedZeroParser(GIVEN.createParser(text))) {
            JsonNode tree;
            try {
                tree = GIVEN_TREES.readTree(from);
                if (tree == null || tree.isMissingNode() || from.nextToken() != null) {
                    throw refused(key, where, "", "its serializer writes no JSON value, or more than one", null);
                }
            } catch (MismatchedInputException e) {
                String why = "this key occurs twice; keys must differ as texts";
                throw refused(key, where, KeyPath.of(from.getParsingContext()), why, e);
            } catch (JsonProcessingException | NumberFormatException e) { // the second: an exponent is out of range
                throw refused(key, where, KeyPath.of(from.getParsingContext()), why(e), e);
            }
            if (!isUnicode(text) || text.contains("\\u")) {
                requireUnicode(key, text, where);
            }
            return tree;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks each text and key, because half of a surrogate pair may also be written as an escape. */
    private static void requireUnicode(String key, String text, String where) throws IOException {
        try (JsonParser from = GIVEN.createParser(text)) {
            for (JsonToken token = from.nextToken(); token != null; token = from.nextToken()) {
                if ((token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) && !isUnicode(from.getText())) {
                    String path = KeyPath.of(from.getParsingContext());
                    throw refused(key, where, path, HALF_A_PAIR, null);
                }
            }
        }
    }

    /** Whether no half of a surrogate pair stands alone. */
    static boolean isUnicode(String text) {
        int point;
        for (int i = 0; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                return false;
            }
        }
        return true;
    }

    private static CloacinaException refused(
            String key, String where, String path, String why, @Nullable Throwable cause) {
        return new CloacinaException(ErrorCodes.NOT_JSON, named(key, path, where) + " cannot be JSON: " + why, cause);
    }

    private static String named(String key, String path, String where) {
        String full = key.isEmpty() && path.startsWith(".") ? path.substring(1) : ErrorText.shown(key) + path;
        return full.isEmpty() ? where : "in " + where + ", the value of '" + full + "'";
    }

    private static String whyNotWritten(Throwable error) {
        Throwable cause = error.getCause();
        if (error instanceof JsonMappingException && cause != null && !(cause instanceof JsonProcessingException)) {
            // What a getter threw: Jackson's message does not name its class.
            return causeOf(error, StackOverflowError.class) == null ? ErrorText.message(cause) : why(error);
        }
        String why = why(error);
        if (error instanceof InvalidDefinitionException of && why.startsWith("No serializer found")) {
            return ValuesOnly.nothingOf(of.getType().getRawClass()) + ValuesOnly.PASS_ON;
        }
        int hint = why.indexOf(" (");
        // Jackson's hints are for developers who configure it.
        return error instanceof JsonMappingException && hint > 0 ? why.substring(0, hint) + ValuesOnly.PASS_ON : why;
    }

    private static String why(Throwable error) {
        StreamConstraintsException limit = causeOf(error, StreamConstraintsException.class);
        if (limit != null) {
            return String.valueOf(limit.getMessage()).contains("depth")
                    ? "it is nested deeper than " + MAX_DEPTH + " levels; does it contain itself? If not, " + TOO_DEEP
                    : "a number has more than " + MAX_DIGITS + " digits; pass it on as a text";
        }
        if (error instanceof NumberFormatException) {
            return "a number has an exponent that cannot be read; pass it on as a text";
        }
        if (causeOf(error, StackOverflowError.class) != null) {
            return "it takes more levels than the stack has; does it contain itself?";
        }
        return ErrorText.message(error);
    }

    private static <E extends Throwable> @Nullable E causeOf(Throwable error, Class<E> type) {
        Throwable cause = error;
        // Jackson wraps once or twice; the causes of other errors may form a cycle.
        for (int i = 0; i < 10 && cause != null; i++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause instanceof JsonProcessingException ? cause.getCause() : null;
        }
        return null;
    }

    /**
     * A value as a Java type, created each time; null if code of the application returns null for it.
     *
     * @throws CloacinaException if it is not of that type
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // it is that of a Class or a TypeOf, which the callers have
    <T> @Nullable T read(JsonNode value, String key, Type type, String where) {
        try {
            ObjectMapper present = mapper;
            return present.readValue(new ExactParser(present.treeAsTokens(value)), present.constructType(type));
        } catch (IOException
                | RuntimeException
                | StackOverflowError e) { // the edge of user code: constructors, setters
            boolean isTooMuch = causeOf(e, StreamConstraintsException.class) != null
                    || causeOf(e, StackOverflowError.class) != null;
            throw new CloacinaException(
                    ErrorCodes.WRONG_TYPE,
                    "the value of '" + ErrorText.shown(key) + "' in " + where + " cannot be read as "
                            + WrongType.name(type) + ": " + (isTooMuch ? why(e) : WrongType.why(value, type, e)),
                    e);
        }
    }
}
