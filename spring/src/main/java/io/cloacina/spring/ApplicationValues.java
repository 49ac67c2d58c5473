package io.cloacina.spring;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.module.SimpleSerializers;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Passes values of the application's classes to its own mapper; the engine's mapper handles those of the JDK. */
final class ApplicationValues extends SimpleModule {
    private static final long serialVersionUID = 1L;

    /** Of mappers and of the engine. */
    private static final List<String> OTHERS =
            List.of("com.fasterxml.jackson.", "tools.jackson.", "io.cloacina.api.", "io.cloacina.engine.");

    private final transient ApplicationJson json;

    ApplicationValues(ApplicationJson json) {
        super("cloacina-application-values");
        this.json = json;
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addSerializers(new Writers(json));
        context.addDeserializers(new Readers(json));
    }

    private static boolean isApplications(JavaType type) {
        Class<?> raw = type.getRawClass();
        ClassLoader loader = raw.getClassLoader();
        return loader != null
                && loader != ClassLoader.getPlatformClassLoader()
                && !type.isContainerType()
                && OTHERS.stream().noneMatch(raw.getName()::startsWith);
    }

    private static final class Writers extends SimpleSerializers {
        private static final long serialVersionUID = 1L;

        private final transient ApplicationJson json;

        Writers(ApplicationJson json) {
            this.json = json;
        }

        @Override
        public @Nullable JsonSerializer<?> findSerializer(
                SerializationConfig config, JavaType type, BeanDescription description) {
            return isApplications(type) ? new Writer(json) : null;
        }
    }

    private static final class Readers extends SimpleDeserializers {
        private static final long serialVersionUID = 1L;

        private final transient ApplicationJson json;

        Readers(ApplicationJson json) {
            this.json = json;
        }

        @Override
        public @Nullable JsonDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription description) {
            return isApplications(type) ? new Reader(json, type) : null;
        }

        @Override
        public @Nullable JsonDeserializer<?> findEnumDeserializer(
                Class<?> type, DeserializationConfig config, BeanDescription description) {
            return findBeanDeserializer(config.constructType(type), config, description);
        }
    }

    private static final class Writer extends JsonSerializer<Object> {
        private final ApplicationJson json;

        Writer(ApplicationJson json) {
            this.json = json;
        }

        @Override
        public void serialize(Object value, JsonGenerator to, SerializerProvider provider) throws IOException {
            String text;
            try {
                text = json.write(value);
            } catch (RuntimeException e) { // the edge of user code: the mapper of the application
                throw JsonMappingException.from(to, String.valueOf(e.getMessage()), e);
            }
            to.writeRawValue(text);
        }

        @Override
        public void serializeWithType(Object value, JsonGenerator to, SerializerProvider provider, TypeSerializer typed)
                throws IOException {
            serialize(value, to, provider);
        }
    }

    private static final class Reader extends JsonDeserializer<Object> {
        private final ApplicationJson json;
        private final JavaType type;

        Reader(ApplicationJson json, JavaType type) {
            this.json = json;
            this.type = type;
        }

        @Override
        public Object deserialize(JsonParser from, DeserializationContext context) throws IOException {
            String text = context.readTree(from).toString();
            try {
                return json.read(text, type);
            } catch (RuntimeException e) { // the edge of user code: the mapper of the application
                throw JsonMappingException.from(from, String.valueOf(e.getMessage()), e);
            }
        }

        @Override
        public Object deserializeWithType(JsonParser from, DeserializationContext context, TypeDeserializer typed)
                throws IOException {
            return deserialize(from, context);
        }
    }
}
