package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.time.Year;
import java.util.Calendar;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * Lets no value be read as another type: a number is not a text, and a text is neither a number nor a boolean, an instant or a
 * constant of an enum. Only a whole number is read as any type that can represent it.
 */
final class StrictReading {
    private StrictReading() {}

    static JsonMapper.Builder in(JsonMapper.Builder mapper) {
        return mapper.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> refuse(
                                config,
                                CoercionInputShape.Integer,
                                CoercionInputShape.Float,
                                CoercionInputShape.Boolean))
                .withCoercionConfig(Character.class, config -> refuse(config, CoercionInputShape.Integer))
                // The features do not cover these types.
                .withCoercionConfig(
                        Number.class,
                        config -> refuse(config, CoercionInputShape.String, CoercionInputShape.EmptyString))
                .addModule(new SimpleModule("cloacina-strict") {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public void setupModule(SetupContext context) {
                        context.addBeanDeserializerModifier(new Texts());
                    }
                });
    }

    private static void refuse(MutableCoercionConfig config, CoercionInputShape... shapes) {
        for (CoercionInputShape shape : shapes) {
            config.setCoercion(shape, CoercionAction.Fail);
        }
    }

    /** Types that are written as a text are read only from a text, although Jackson could also read a number. */
    private static final class Texts extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription bean, JsonDeserializer<?> deserializer) {
            Class<?> type = bean.getBeanClass();
            boolean isTime = type.getName().startsWith("java.time.") && type != Year.class && !type.isEnum();
            boolean isText = isTime
                    || Date.class.isAssignableFrom(type)
                    || Calendar.class.isAssignableFrom(type)
                    || deserializer instanceof FromStringDeserializer;
            return isText ? new OfText(deserializer) : deserializer;
        }
    }

    /** Marks a deserializer that reads only texts. */
    static final class OfText extends DelegatingDeserializer {
        private static final long serialVersionUID = 1L;

        OfText(JsonDeserializer<?> inner) {
            super(inner);
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> inner) {
            return new OfText(inner);
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
                throws JsonMappingException {
            JsonDeserializer<?> strict = super.createContextual(context, property);
            JsonFormat.Shape shape = property == null
                    ? JsonFormat.Shape.ANY
                    : property.findPropertyFormat(context.getConfig(), handledType())
                            .getShape();
            // An annotation of this property lets it be written as a number.
            boolean isWrittenOtherwise = shape.isNumeric() || shape == JsonFormat.Shape.ARRAY;
            return isWrittenOtherwise && strict instanceof OfText text ? text.getDelegatee() : strict;
        }

        @Override
        public @Nullable Object deserialize(JsonParser from, DeserializationContext context) throws IOException {
            JsonToken token = from.currentToken();
            if (token.isNumeric() || token.isBoolean() || token == JsonToken.START_ARRAY) {
                return context.handleUnexpectedToken(handledType(), from);
            }
            if (token == JsonToken.VALUE_STRING && from.getText().isEmpty()) {
                Object made = super.deserialize(from, context);
                // Such as the locale without a language.
                return made == null ? context.handleUnexpectedToken(handledType(), from) : made;
            }
            return super.deserialize(from, context);
        }
    }
}
