package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.EnumSerializer;
import com.fasterxml.jackson.databind.ser.std.StdKeySerializers;
import com.fasterxml.jackson.databind.util.EnumValues;
import java.io.IOException;
import java.util.Calendar;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The keys of maps, which are texts in JSON. A key that is an enum of a {@linkplain SealedTypes sealed type} has its type
 * before its name, {@code Fixed.YES}. A key of a class that cannot be created again from its text is refused: Jackson would
 * write the result of {@code toString()}.
 */
final class MapKeys {
    private MapKeys() {}

    static SimpleModule module() {
        return new SimpleModule("cloacina-keys") {
            private static final long serialVersionUID = 1L;

            @Override
            public void setupModule(SetupContext context) {
                context.addBeanSerializerModifier(new Writing());
                context.addBeanDeserializerModifier(new Reading());
                context.addKeyDeserializers((type, config, bean) ->
                        !SealedTypes.isEnum(type.getRawClass()) && SealedTypes.isOfSealed(type.getRawClass())
                                ? new OfAnyEnum(type.getRawClass())
                                : null);
            }
        };
    }

    private static final class Writing extends BeanSerializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonSerializer<?> modifyKeySerializer(
                SerializationConfig config, JavaType type, BeanDescription bean, JsonSerializer<?> serializer) {
            Class<?> raw = type.getRawClass();
            if (SealedTypes.isEnum(raw)) {
                return serializer instanceof StdKeySerializers.EnumKeySerializer && SealedTypes.isOfSealed(raw)
                        ? new OfSealedEnum(
                                SealedTypes.name(raw),
                                EnumSerializer.construct(raw, config, bean, null)
                                        .getEnumValues())
                        : serializer;
            }
            // Any other serializer was chosen by an annotation, or is specific to the class.
            return serializer.getClass() == StdKeySerializers.Default.class && !isKnown(raw)
                    ? new ByText(raw)
                    : serializer;
        }

        /** Classes whose keys Jackson reads as it has written them. */
        private static boolean isKnown(Class<?> type) {
            return Number.class.isAssignableFrom(type)
                    || type == Boolean.class
                    || type == Character.class
                    || type == UUID.class
                    || type == Class.class
                    || type == byte[].class
                    || Date.class.isAssignableFrom(type)
                    || Calendar.class.isAssignableFrom(type)
                    || CharSequence.class.isAssignableFrom(type)
                    || type.getName().startsWith("java.time.");
        }
    }

    private static final class OfSealedEnum extends JsonSerializer<Object> {
        private final String name;
        private final EnumValues constants;

        OfSealedEnum(String name, EnumValues constants) {
            this.name = name;
            this.constants = constants;
        }

        @Override
        public void serialize(Object key, JsonGenerator to, SerializerProvider serializers) throws IOException {
            to.writeFieldName(
                    name + "." + constants.serializedValueFor((Enum<?>) key).getValue());
        }
    }

    /** Writes the text of a key, if the key can be read again from it. */
    private static final class ByText extends JsonSerializer<Object> {
        private final Class<?> declared;

        ByText(Class<?> declared) {
            this.declared = declared;
        }

        @Override
        public void serialize(Object key, JsonGenerator to, SerializerProvider serializers) throws IOException {
            if (key.getClass() != declared) {
                serializers.findKeySerializer(key.getClass(), null).serialize(key, to, serializers);
                return;
            }
            String text = key.toString();
            if (!key.equals(read(text, (ObjectMapper) to.getCodec()))) {
                throw JsonMappingException.from(
                        to,
                        "a key of " + declared.getName() + " cannot be read again from its text; make it a text, a"
                                + " number, an enum or a UUID");
            }
            to.writeFieldName(text);
        }

        private @Nullable Object read(String text, ObjectMapper mapper) {
            ObjectNode object = mapper.createObjectNode();
            object.putNull(text);
            try {
                JavaType map = mapper.getTypeFactory().constructMapType(Map.class, declared, Object.class);
                Map<?, ?> read = mapper.readValue(mapper.treeAsTokens(object), map);
                return read.keySet().iterator().next();
            } catch (IOException | RuntimeException e) { // the edge of user code: constructors
                return null;
            }
        }
    }

    private static final class Reading extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public KeyDeserializer modifyKeyDeserializer(
                DeserializationConfig config, JavaType type, KeyDeserializer deserializer) {
            Class<?> raw = type.getRawClass();
            return SealedTypes.isEnum(raw) && SealedTypes.isOfSealed(raw)
                    ? new OfEnum(SealedTypes.name(raw) + ".", deserializer)
                    : deserializer;
        }
    }

    private static final class OfEnum extends KeyDeserializer {
        private final String prefix;
        private final KeyDeserializer inner;

        OfEnum(String prefix, KeyDeserializer inner) {
            this.prefix = prefix;
            this.inner = inner;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            return inner.deserializeKey(key.startsWith(prefix) ? key.substring(prefix.length()) : key, context);
        }
    }

    /** Reads a key whose declared type is sealed, and which is a constant of one of its enums. */
    private static final class OfAnyEnum extends KeyDeserializer {
        private final Class<?> type;

        OfAnyEnum(Class<?> type) {
            this.type = type;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            for (Class<?> each : SealedTypes.concrete(type)) {
                if (SealedTypes.isEnum(each) && key.startsWith(SealedTypes.name(each) + ".")) {
                    return context.findKeyDeserializer(context.constructType(each), null)
                            .deserializeKey(key, context);
                }
            }
            return context.handleWeirdKey(type, key, "it does not name an enum that %s permits", type.getSimpleName());
        }
    }
}
