package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializer;
import com.fasterxml.jackson.databind.deser.ValueInstantiator;
import com.fasterxml.jackson.databind.deser.std.ContainerDeserializerBase;
import com.fasterxml.jackson.databind.deser.std.EnumDeserializer;
import com.fasterxml.jackson.databind.deser.std.ReferenceTypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.impl.AsPropertyTypeDeserializer;
import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes a type by the deserializers of a mapper, as far as they are Jackson's or of this package. Everything else is
 * {@link Form.Any}: what annotations or the application have changed, a type that contains itself, and the rest of a type that
 * is too large. For one type, in one thread.
 */
final class Shapes {
    static final int MAX_DEPTH = 20;

    /** How many fields, elements and constants are described at most. */
    private static final int MAX_PARTS = 500;

    private static final Form ANY = new Form.Any();

    private static final Map<Class<?>, Scalar.Kind> SCALARS = Map.ofEntries(
            Map.entry(String.class, Scalar.Kind.TEXT),
            Map.entry(CharSequence.class, Scalar.Kind.TEXT),
            Map.entry(boolean.class, Scalar.Kind.BOOLEAN),
            Map.entry(Boolean.class, Scalar.Kind.BOOLEAN),
            Map.entry(byte.class, Scalar.Kind.BYTE),
            Map.entry(Byte.class, Scalar.Kind.BYTE),
            Map.entry(short.class, Scalar.Kind.SHORT),
            Map.entry(Short.class, Scalar.Kind.SHORT),
            Map.entry(int.class, Scalar.Kind.INT),
            Map.entry(Integer.class, Scalar.Kind.INT),
            Map.entry(long.class, Scalar.Kind.LONG),
            Map.entry(Long.class, Scalar.Kind.LONG),
            Map.entry(BigInteger.class, Scalar.Kind.INTEGER),
            Map.entry(float.class, Scalar.Kind.FLOAT),
            Map.entry(Float.class, Scalar.Kind.FLOAT),
            Map.entry(double.class, Scalar.Kind.DOUBLE),
            Map.entry(Double.class, Scalar.Kind.DOUBLE),
            Map.entry(BigDecimal.class, Scalar.Kind.DECIMAL));

    private final DeserializationConfig config;
    private final Trial trial;
    private final Set<JavaType> within = new HashSet<>();
    private int room = MAX_PARTS;

    private Shapes(ObjectMapper mapper) {
        this.config = mapper.getDeserializationConfig();
        this.trial = new Trial(mapper);
    }

    /** The shape of the JSON from which a mapper reads a type. */
    static Shape of(ObjectMapper mapper, Type type) {
        Shapes shapes = new Shapes(mapper);
        if (!shapes.isUnderstood()) {
            return Shape.ANY;
        }
        try {
            Form form = shapes.form(mapper.constructType(type));
            return form instanceof Form.Any ? Shape.ANY : new Shape(form);
        } catch (IOException | RuntimeException | LinkageError e) { // the edge of user code: annotations, modules
            return Shape.ANY; // reading a value of the type reports the reason
        }
    }

    /** Whether the application has left those settings of the mapper unchanged that do not show in its deserializers. */
    private boolean isUnderstood() {
        return config.getProblemHandlers() == null
                && !config.isEnabled(DeserializationFeature.UNWRAP_SINGLE_VALUE_ARRAYS)
                && !config.isEnabled(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                && !config.isEnabled(DeserializationFeature.UNWRAP_ROOT_VALUE)
                && config.isEnabled(DeserializationFeature.FAIL_ON_INVALID_SUBTYPE)
                && !config.isEnabled(MapperFeature.ACCEPT_CASE_INSENSITIVE_VALUES)
                && config.getAnnotationIntrospector().allIntrospectors().stream()
                        .allMatch(Shapes::isKnown);
    }

    private static boolean isKnown(AnnotationIntrospector introspector) {
        return isJacksons(introspector) || introspector.getClass().getNestHost() == SealedTypes.class;
    }

    static boolean isJacksons(Object part) {
        return part.getClass().getName().startsWith("com.fasterxml.jackson.");
    }

    private Form form(JavaType type) throws JsonMappingException {
        return form(type, trial.context().findContextualValueDeserializer(type, null), null);
    }

    /** {@code typed}: how a value names its type at this place, if that is known. */
    Form form(JavaType type, JsonDeserializer<?> deserializer, @Nullable TypeDeserializer typed)
            throws JsonMappingException {
        if (!takeRoom(1) || within.size() >= MAX_DEPTH || !within.add(type)) {
            return ANY;
        }
        try {
            return formOnce(type, deserializer, typed);
        } finally {
            within.remove(type);
        }
    }

    /** Takes so many of the remaining parts; false if there are not enough. */
    boolean takeRoom(int parts) {
        room -= parts;
        return room >= 0;
    }

    private Form formOnce(JavaType type, JsonDeserializer<?> deserializer, @Nullable TypeDeserializer typed)
            throws JsonMappingException {
        BeanDescription bean = config.introspectClassAnnotations(type);
        boolean isWrittenOtherwise = bean.getClassInfo().hasAnnotation(JsonFormat.class)
                || !config.getDefaultPropertyFormat(type.getRawClass()).equals(JsonFormat.Value.empty());
        if (isWrittenOtherwise) {
            return ANY;
        }
        TypeDeserializer byName = typed != null ? typed : config.findTypeDeserializer(type);
        if (byName != null) {
            return SealedTypes.saysType(bean) && byName instanceof AsPropertyTypeDeserializer
                    ? oneOf(type, bean, byName)
                    : ANY;
        }
        return untyped(type, deserializer);
    }

    private Form untyped(JavaType type, JsonDeserializer<?> deserializer) throws JsonMappingException {
        Form form = described(type, deserializer);
        return form instanceof Form.Any || trial.readsMore(deserializer, form) ? ANY : form;
    }

    private Form described(JavaType type, JsonDeserializer<?> deserializer) throws JsonMappingException {
        Class<?> raw = type.getRawClass();
        if (deserializer instanceof StrictReading.OfText text) {
            return isJacksons(text.getDelegatee()) ? text(raw) : ANY;
        }
        if (!isJacksons(deserializer)
                || (deserializer instanceof ValueInstantiator.Gettable made
                        && made.getValueInstantiator() != null
                        && BeanParts.isMadeOtherwise(made.getValueInstantiator()))) {
            return ANY;
        }
        if (deserializer.getClass() == BeanDeserializer.class) {
            return new BeanShapes(this, config, trial).of((BeanDeserializer) deserializer);
        }
        if (deserializer.getClass() == EnumDeserializer.class) {
            return new EnumShapes(this, config, trial).of(type, deserializer);
        }
        Scalar.Kind kind = SCALARS.get(raw);
        if (kind != null) {
            return new Scalar(kind);
        }
        return type.isContainerType() || type.isReferenceType() ? container(type, deserializer) : ANY;
    }

    private static Form text(Class<?> type) {
        boolean isAnyText = CharSequence.class.isAssignableFrom(type);
        return new Scalar(Scalar.Kind.TEXT, isAnyText ? "" : type.getSimpleName());
    }

    private Form container(JavaType type, JsonDeserializer<?> deserializer) throws JsonMappingException {
        JavaType of = type.getContentType();
        if (of == null || type.getRawClass() == byte[].class || type.getRawClass() == char[].class) {
            return ANY; // also read from a text
        }
        JsonDeserializer<?> known = deserializer instanceof ContainerDeserializerBase<?> container
                ? container.getContentDeserializer()
                : null;
        JsonDeserializer<?> inner = known != null ? known : trial.context().findContextualValueDeserializer(of, null);
        Form form = form(of, inner, of.getTypeHandler());
        if (type.isReferenceType()) {
            return deserializer instanceof ReferenceTypeDeserializer<?> ? form : ANY;
        }
        return type.isMapLikeType() ? new Form.Entries(form) : new Form.Items(form);
    }

    private Form oneOf(JavaType base, BeanDescription bean, TypeDeserializer typed) throws JsonMappingException {
        Map<String, Form> types = new LinkedHashMap<>();
        String otherwise = "";
        for (NamedType each :
                config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(config, bean.getClassInfo())) {
            if (!each.hasName()) {
                continue; // the sealed type itself, which has no values
            }
            JavaType type = base.hasRawClass(each.getType())
                    ? base
                    : config.getTypeFactory().constructSpecializedType(base, each.getType());
            JsonDeserializer<?> deserializer = trial.context().findContextualValueDeserializer(type, null);
            types.put(each.getName(), takeRoom(1) ? untyped(type, deserializer) : ANY);
            if (each.getType() == typed.getDefaultImpl()) {
                otherwise = each.getName();
            }
        }
        boolean isComplete = typed.getDefaultImpl() == null || !otherwise.isEmpty();
        return isComplete ? new OneOf(types, typed.getPropertyName(), otherwise) : ANY;
    }
}
