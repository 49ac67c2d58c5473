package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the texts that the mapper reads as a constant of an enum, among all names that a constant may have. */
final class EnumShapes {
    private static final Form TEXT = new Scalar(Scalar.Kind.TEXT);

    private final Shapes shapes;
    private final DeserializationConfig config;
    private final Trial trial;

    EnumShapes(Shapes shapes, DeserializationConfig config, Trial trial) {
        this.shapes = shapes;
        this.config = config;
        this.trial = trial;
    }

    Form of(JavaType type, JsonDeserializer<?> deserializer) {
        Object[] constants = type.getRawClass().getEnumConstants();
        if (constants == null || config.introspect(type).findJsonValueAccessor() != null) {
            return new Form.Any();
        }
        if (config.findMixInClassFor(type.getRawClass()) != null || !shapes.takeRoom(constants.length)) {
            return TEXT;
        }
        Set<String> labels = new LinkedHashSet<>();
        for (Object constant : constants) {
            List<String> read = names((Enum<?>) constant).stream()
                    .filter(name -> reads(deserializer, name))
                    .toList();
            if (read.isEmpty()) {
                return TEXT; // the constant has a name that is not known here
            }
            labels.addAll(read);
        }
        boolean isStrict = labels.stream()
                .flatMap(EnumShapes::varied)
                .noneMatch(other -> !labels.contains(other) && reads(deserializer, other));
        return isStrict ? new Form.Labels(List.copyOf(labels)) : TEXT;
    }

    private boolean reads(JsonDeserializer<?> deserializer, String text) {
        return trial.reads(deserializer, TextNode.valueOf(text));
    }

    private static Set<String> names(Enum<?> constant) {
        Set<String> names = new LinkedHashSet<>(List.of(constant.name(), constant.toString()));
        try {
            Field field = constant.getDeclaringClass().getField(constant.name());
            JsonProperty property = field.getAnnotation(JsonProperty.class);
            if (property != null) {
                names.add(property.value());
            }
            JsonAlias aliases = field.getAnnotation(JsonAlias.class);
            if (aliases != null) {
                names.addAll(Arrays.asList(aliases.value()));
            }
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("an enum has a field for each constant", e);
        }
        return names;
    }

    /** Texts that a mapper which is not strict reads as the same constant. */
    private static Stream<String> varied(String label) {
        return Stream.of(label.toLowerCase(Locale.ROOT), label.toUpperCase(Locale.ROOT), label + " or another");
    }
}
