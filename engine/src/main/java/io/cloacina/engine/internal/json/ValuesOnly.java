package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.BeanSerializerBase;
import java.io.IOException;

/**
 * Refuses objects of the JDK that are not values, such as threads: Jackson would write the results of their getters, which
 * cannot be read again.
 */
final class ValuesOnly {
    private ValuesOnly() {}

    static SimpleModule module() {
        return new SimpleModule("cloacina-values") {
            private static final long serialVersionUID = 1L;

            @Override
            public void setupModule(SetupContext context) {
                context.addBeanSerializerModifier(new BeanSerializerModifier() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public JsonSerializer<?> modifySerializer(
                            SerializationConfig config, BeanDescription bean, JsonSerializer<?> serializer) {
                        // Jackson has a serializer of its own for each class that is a value.
                        return serializer instanceof BeanSerializerBase && isOfJdk(bean.getBeanClass())
                                ? new Refusing()
                                : serializer;
                    }
                });
            }
        };
    }

    /** Errors are allowed, because they are read as errors again. */
    private static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return (loader == null || loader == ClassLoader.getPlatformClassLoader())
                && !Throwable.class.isAssignableFrom(type);
    }

    private static final class Refusing extends JsonSerializer<Object> {
        @Override
        public void serialize(Object value, JsonGenerator to, SerializerProvider serializers) throws IOException {
            throw JsonMappingException.from(
                    to,
                    "an object of " + value.getClass().getName() + " is not a value that can be read again"
                            + JsonMapping.PASS_ON);
        }

        @Override
        public void serializeWithType(
                Object value, JsonGenerator to, SerializerProvider serializers, TypeSerializer type)
                throws IOException {
            serialize(value, to, serializers);
        }
    }
}
