package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.introspect.VirtualAnnotatedMember;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.ser.VirtualBeanPropertyWriter;
import com.fasterxml.jackson.databind.util.Annotations;
import com.fasterxml.jackson.databind.util.SimpleBeanPropertyDefinition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lets values of {@linkplain SealedTypes sealed types} name their type wherever they are written. */
final class SealedWriting extends BeanSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public List<BeanPropertyWriter> changeProperties(
            SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
        if (!SealedTypes.saysType(bean)) {
            return properties;
        }
        List<BeanPropertyWriter> all = new ArrayList<>(properties.size() + 1);
        all.add(TypeName.of(config, bean));
        all.addAll(properties);
        return all;
    }

    @Override
    @SuppressWarnings("unchecked") // the serializer is only called with values of its class
    public JsonSerializer<?> modifySerializer(
            SerializationConfig config, BeanDescription bean, JsonSerializer<?> serializer) {
        return SealedTypes.isValue(bean) && SealedTypes.saysType(bean)
                ? new Value(SealedTypes.name(bean.getBeanClass()), (JsonSerializer<Object>) serializer)
                : serializer;
    }

    /** Wraps a value that is not an object in one. */
    private static final class Value extends JsonSerializer<Object> implements ContextualSerializer {
        private final String name;
        private final JsonSerializer<Object> inner;

        Value(String name, JsonSerializer<Object> inner) {
            this.name = name;
            this.inner = inner;
        }

        @Override
        @SuppressWarnings("unchecked") // as above
        public JsonSerializer<?> createContextual(SerializerProvider serializers, BeanProperty property)
                throws JsonMappingException {
            return new Value(
                    name, (JsonSerializer<Object>) serializers.handleSecondaryContextualization(inner, property));
        }

        @Override
        public void serialize(Object value, JsonGenerator to, SerializerProvider serializers) throws IOException {
            to.writeStartObject();
            to.writeStringField(SealedTypes.PROPERTY, name);
            to.writeFieldName(SealedTypes.VALUE);
            inner.serialize(value, to, serializers);
            to.writeEndObject();
        }
    }

    /** The property with the type, which is added to the properties of an object of a sealed type. */
    private static final class TypeName extends VirtualBeanPropertyWriter {
        private static final long serialVersionUID = 1L;

        private final String name;

        private TypeName(String name, SimpleBeanPropertyDefinition definition, Annotations annotations, JavaType type) {
            super(definition, annotations, type);
            this.name = name;
        }

        static TypeName of(SerializationConfig config, BeanDescription bean) {
            JavaType text = config.constructType(String.class);
            SimpleBeanPropertyDefinition definition = SimpleBeanPropertyDefinition.construct(
                    config,
                    new VirtualAnnotatedMember(bean.getClassInfo(), bean.getBeanClass(), SealedTypes.PROPERTY, text),
                    PropertyName.construct(SealedTypes.PROPERTY));
            return new TypeName(SealedTypes.name(bean.getBeanClass()), definition, bean.getClassAnnotations(), text);
        }

        @Override
        protected Object value(Object bean, JsonGenerator to, SerializerProvider serializers) {
            return name;
        }

        @Override
        public VirtualBeanPropertyWriter withConfig(
                MapperConfig<?> config,
                AnnotatedClass declaringClass,
                BeanPropertyDefinition definition,
                JavaType type) {
            throw new IllegalStateException("only what an annotation adds is configured");
        }
    }
}
