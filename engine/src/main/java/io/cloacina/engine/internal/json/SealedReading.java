package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Unwraps the values of {@linkplain SealedTypes sealed types} that {@link SealedWriting} wrapped in objects. */
final class SealedReading extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> modifyEnumDeserializer(
            DeserializationConfig config, JavaType type, BeanDescription bean, JsonDeserializer<?> deserializer) {
        return modifyDeserializer(config, bean, deserializer);
    }

    @Override
    public JsonDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
        return SealedTypes.isValue(bean) && SealedTypes.saysType(bean)
                ? new Value(SealedTypes.name(bean.getBeanClass()), deserializer)
                : deserializer;
    }

    private static final class Value extends DelegatingDeserializer {
        private static final long serialVersionUID = 1L;

        private final String name;

        Value(String name, JsonDeserializer<?> inner) {
            super(inner);
            this.name = name;
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> inner) {
            return new Value(name, inner);
        }

        /**
         * The parser is inside the object if the declared type is sealed: then its deserializer has consumed
         * {@code @type}.
         */
        @Override
        public @Nullable Object deserialize(JsonParser from, DeserializationContext context) throws IOException {
            if (from.hasToken(JsonToken.START_OBJECT)) {
                from.nextToken();
            } else if (!from.hasToken(JsonToken.FIELD_NAME) && !from.hasToken(JsonToken.END_OBJECT)) {
                return super.deserialize(from, context);
            }
            Object value = null;
            boolean isThere = false;
            for (; from.hasToken(JsonToken.FIELD_NAME); from.nextToken()) {
                String field = from.currentName();
                from.nextToken();
                if (field.equals(SealedTypes.VALUE)) {
                    isThere = true;
                    value = from.hasToken(JsonToken.VALUE_NULL)
                            ? getDelegatee().getNullValue(context)
                            : super.deserialize(from, context);
                } else if (field.equals(SealedTypes.PROPERTY) && !name.equals(from.getText())) {
                    context.reportInputMismatch(this, "it is of type %s, not %s", from.getText(), name);
                } else {
                    from.skipChildren();
                }
            }
            if (!isThere) {
                context.reportInputMismatch(this, "an object of type %s has a 'value'", name);
            }
            return value;
        }
    }
}
