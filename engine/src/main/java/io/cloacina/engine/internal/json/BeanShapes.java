package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.BeanDeserializer;
import com.fasterxml.jackson.databind.deser.CreatorProperty;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.deser.impl.FieldProperty;
import com.fasterxml.jackson.databind.deser.impl.MethodProperty;
import com.fasterxml.jackson.databind.deser.impl.SetterlessProperty;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of records and beans. */
final class BeanShapes {
    private static final Set<Class<?>> KNOWN =
            Set.of(CreatorProperty.class, FieldProperty.class, MethodProperty.class, SetterlessProperty.class);

    private final Shapes shapes;
    private final DeserializationConfig config;
    private final Trial trial;

    BeanShapes(Shapes shapes, DeserializationConfig config, Trial trial) {
        this.shapes = shapes;
        this.config = config;
        this.trial = trial;
    }

    Form of(BeanDeserializer deserializer) throws JsonMappingException {
        BeanParts parts = new BeanParts(deserializer);
        Set<String> ignored = parts.ignored();
        if (!parts.isPlain() || !shapes.takeRoom(ignored.size())) {
            return new Form.Any();
        }
        Set<String> ofConstructor = parts.ofConstructor();
        Map<String, Fields.Field> all = new LinkedHashMap<>();
        Map<String, String> aliases = new LinkedHashMap<>();
        for (SettableBeanProperty each : inOrder(parts.fields(), ofConstructor)) {
            boolean isConstructors = ofConstructor.contains(each.getName());
            // If only some fields were described, the others would be taken for unknown ones.
            if (!shapes.takeRoom(1)) {
                return new Form.Any();
            }
            all.put(each.getName(), new Fields.Field(form(each, isConstructors), isConstructors && isRequired(each)));
            for (PropertyName alias : each.findAliases(config)) {
                aliases.put(alias.getSimpleName(), each.getName());
            }
        }
        return new Fields(all, aliases, ignored, parts.isOpen(config));
    }

    /**
     * The constructor's fields in its order, then the others by name, because the JDK lists setters in no particular
     * order.
     */
    private static List<SettableBeanProperty> inOrder(List<SettableBeanProperty> all, Set<String> ofConstructor) {
        return Stream.concat(
                        all.stream().filter(each -> ofConstructor.contains(each.getName())),
                        all.stream()
                                .filter(each -> !ofConstructor.contains(each.getName()))
                                .sorted(Comparator.comparing(SettableBeanProperty::getName)))
                .toList();
    }

    private Form form(SettableBeanProperty of, boolean isConstructors) throws JsonMappingException {
        if (!isKnown(of)) {
            return new Form.Any();
        }
        Form form = shapes.form(of.getType(), of.getValueDeserializer(), of.getValueTypeDeserializer());
        return form instanceof Form.Any || takesNull(of, isConstructors) ? form : new Form.NotNull(form);
    }

    private static boolean isKnown(SettableBeanProperty of) {
        return KNOWN.contains(of.getClass())
                && of.getInjectableValueId() == null
                && of.getAnnotation(JsonFormat.class) == null
                && of.getAnnotation(JsonDeserialize.class) == null
                && of.getAnnotation(JsonIgnoreProperties.class) == null
                && of.getAnnotation(JsonIncludeProperties.class) == null;
    }

    private boolean takesNull(SettableBeanProperty of, boolean isConstructors) {
        try {
            Object read = of.getNullValueProvider().getNullValue(trial.context());
            return of instanceof SetterlessProperty || !isConstructors || isTaken(read);
        } catch (JsonMappingException e) {
            return false;
        }
    }

    private boolean isRequired(SettableBeanProperty of) {
        if (of.getInjectableValueId() != null) {
            return false;
        }
        if (of.isRequired() || config.isEnabled(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)) {
            return true;
        }
        try {
            Object read = of.getNullValueProvider().getAbsentValue(trial.context());
            return !isTaken(read == null ? of.getValueDeserializer().getAbsentValue(trial.context()) : read);
        } catch (JsonMappingException e) {
            return true;
        }
    }

    private boolean isTaken(@Nullable Object read) {
        return read != null || !config.isEnabled(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
    }
}
