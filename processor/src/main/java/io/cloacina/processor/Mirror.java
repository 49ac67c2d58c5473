package io.cloacina.processor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/** An annotation as it stands in the source. Classes that it names need not be there yet, so it is not read by reflection. */
final class Mirror {
    private final Element element;
    private final AnnotationMirror annotation;
    private final Map<String, AnnotationValue> said = new HashMap<>();
    private final Map<String, AnnotationValue> values = new HashMap<>();

    private Mirror(Element element, AnnotationMirror annotation) {
        this.element = element;
        this.annotation = annotation;
        for (var method : ElementFilter.methodsIn(
                annotation.getAnnotationType().asElement().getEnclosedElements())) {
            AnnotationValue standard = method.getDefaultValue();
            if (standard != null) {
                values.put(method.getSimpleName().toString(), standard);
            }
        }
        annotation
                .getElementValues()
                .forEach((method, value) -> said.put(method.getSimpleName().toString(), value));
        values.putAll(said);
    }

    static Optional<Mirror> of(Element element, Class<?> type) {
        return element.getAnnotationMirrors().stream()
                .filter(each -> isOf(each, type))
                .map(each -> new Mirror(element, each))
                .findFirst();
    }

    static boolean has(Element element, Class<?> type) {
        return element.getAnnotationMirrors().stream().anyMatch(each -> isOf(each, type));
    }

    private static boolean isOf(AnnotationMirror annotation, Class<?> type) {
        return ((TypeElement) annotation.getAnnotationType().asElement())
                .getQualifiedName()
                .contentEquals(Objects.requireNonNull(type.getCanonicalName()));
    }

    Place place() {
        return new Place(element, annotation, null);
    }

    /** Of the value, if it is said. */
    Place place(String key) {
        return new Place(element, annotation, said.get(key));
    }

    Place place(AnnotationValue value) {
        return new Place(element, annotation, value);
    }

    boolean says(String key) {
        return said.containsKey(key);
    }

    /** As it is written. */
    String shown(String key) {
        return String.valueOf(values.get(key));
    }

    /** A text, a class (its type), a constant (its element), a number or a boolean. */
    private Object value(String key) {
        return Objects.requireNonNull(values.get(key), key).getValue();
    }

    String text(String key) {
        return value(key).toString();
    }

    int number(String key) {
        return ((Number) value(key)).intValue();
    }

    double fraction(String key) {
        return ((Number) value(key)).doubleValue();
    }

    boolean flag(String key) {
        return Boolean.TRUE.equals(value(key));
    }

    /** The simple name of an enum constant. */
    String constant(String key) {
        return ((Element) value(key)).getSimpleName().toString();
    }

    AnnotationValue raw(String key) {
        return Objects.requireNonNull(values.get(key), key);
    }

    List<AnnotationValue> list(String key) {
        List<AnnotationValue> found = new ArrayList<>();
        if (value(key) instanceof List<?> list) {
            list.forEach(each -> found.add((AnnotationValue) each));
        }
        return found;
    }

    Mirror nested(String key) {
        return new Mirror(element, (AnnotationMirror) value(key));
    }

    /** An annotation that may be repeated, as often as it stands there. */
    static List<Mirror> all(Element element, Class<?> type, Class<?> container) {
        Stream<Mirror> several = of(element, container).stream().flatMap(all -> all.mirrors("value").stream());
        return Stream.concat(of(element, type).stream(), several).toList();
    }

    List<Mirror> mirrors(String key) {
        return list(key).stream()
                .map(each -> new Mirror(element, (AnnotationMirror) each.getValue()))
                .toList();
    }
}
