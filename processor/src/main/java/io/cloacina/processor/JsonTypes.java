package io.cloacina.processor;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;

/**
 * Which types can be JSON and be read from it again. It refuses what is known to go wrong, and leaves classes that say
 * themselves how they are read (by Jackson's annotations, or because Jackson has a module for their language) to them.
 */
final class JsonTypes {
    private static final Set<String> SIMPLE = names(Stream.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Character.class,
            String.class,
            BigDecimal.class,
            BigInteger.class,
            UUID.class,
            URI.class,
            Path.class,
            Locale.class,
            Currency.class));
    private static final Set<String> CONTAINERS = names(Stream.of(
            Collection.class, List.class, Set.class, SortedSet.class, Map.class, SortedMap.class, Optional.class));

    /** {@code record Growing<T>(Growing<List<T>> next)} has no end. */
    private static final int MAX_JUDGED = 500;

    private final Language language;
    /** A record may hold itself in a list. */
    private final Set<String> judged = new HashSet<>();

    JsonTypes(Language language) {
        this.language = language;
    }

    private static Set<String> names(Stream<Class<?>> classes) {
        return Set.copyOf(classes.map(Class::getCanonicalName).toList());
    }

    /** Why a type cannot be JSON, and where in it. */
    Optional<String> problem(TypeMirror type) {
        judged.clear();
        return problemOf(type);
    }

    private Optional<String> problemOf(TypeMirror type) {
        return switch (type.getKind()) {
            case BOOLEAN, BYTE, SHORT, INT, LONG, CHAR, FLOAT, DOUBLE -> Optional.empty();
            case ARRAY -> problemOf(((ArrayType) type).getComponentType());
            case WILDCARD -> {
                TypeMirror bound = ((WildcardType) type).getExtendsBound();
                yield bound == null ? Optional.of(type + " has no fixed JSON form") : problemOf(bound);
            }
            case DECLARED -> problemOfDeclared((DeclaredType) type);
            default -> Optional.of(type + " has no fixed JSON form");
        };
    }

    private Optional<String> problemOfDeclared(DeclaredType type) {
        TypeElement element = (TypeElement) type.asElement();
        String name = element.getQualifiedName().toString();
        if (type.getTypeArguments().size() < element.getTypeParameters().size()) {
            return Optional.of(element.getSimpleName() + " is used without type arguments");
        }
        if (SIMPLE.contains(name) || isTime(element) || element.getKind() == ElementKind.ENUM) {
            return Optional.empty();
        }
        if (judged.size() == MAX_JUDGED || !judged.add(type.toString())) {
            return Optional.empty();
        }
        boolean map = language.isKindOf(type, Map.class);
        if (CONTAINERS.contains(name)
                || (name.startsWith("java.util.")
                        && isConcrete(element)
                        && (map || language.isKindOf(type, Collection.class)))) {
            return problemOfArguments(type, map);
        }
        if (saysItself(element)) {
            return Optional.empty();
        }
        if (element.getKind() == ElementKind.RECORD) {
            return problemOfComponents(type, element);
        }
        if (element.getModifiers().contains(Modifier.SEALED) && !isConcrete(element)) {
            return element.getPermittedSubclasses().stream()
                    .map(this::problemOf)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return problemOfClass(element, name);
    }

    /** Fixed values only: {@code Clock} and {@code ZoneRules} have none. */
    private boolean isTime(TypeElement element) {
        return language.elements().getPackageOf(element).getQualifiedName().contentEquals("java.time")
                && (element.getModifiers().contains(Modifier.FINAL)
                        || element.getSimpleName().contentEquals("ZoneId"));
    }

    private Optional<String> problemOfArguments(DeclaredType type, boolean map) {
        if (map
                && type.getTypeArguments().size() == 2
                && !isKey(type.getTypeArguments().get(0))) {
            return Optional.of("the key of a map must be a string, a number, an enum or a UUID, not "
                    + Imports.shown(type.getTypeArguments().get(0)));
        }
        return type.getTypeArguments().stream()
                .map(this::problemOf)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private boolean isKey(TypeMirror type) {
        return language.isA(type, String.class)
                || language.isA(type, UUID.class)
                || language.isKindOf(type, Number.class)
                || language.isKindOf(type, Enum.class);
    }

    private Optional<String> problemOfComponents(DeclaredType type, TypeElement element) {
        for (var component : element.getRecordComponents()) {
            TypeMirror is =
                    language.types().asMemberOf(type, component.getAccessor()) instanceof ExecutableType accessor
                            ? accessor.getReturnType()
                            : component.asType();
            Optional<String> problem = problemOf(is);
            if (problem.isPresent()) {
                return Optional.of("component '" + component.getSimpleName() + "' of record " + element.getSimpleName()
                        + ": " + problem.get());
            }
        }
        return Optional.empty();
    }

    private Optional<String> problemOfClass(TypeElement element, String name) {
        if (name.startsWith("java.") || name.startsWith("javax.")) {
            return Optional.of(element.getSimpleName()
                    + (name.equals("java.lang.Object") ? " has no fixed JSON form" : " is not a value"));
        }
        if (!isConcrete(element)) {
            return Optional.of(element.getSimpleName()
                    + " is " + (element.getKind() == ElementKind.INTERFACE ? "an interface" : "an abstract class")
                    + ", so the class of a stored value would be unknown; make it sealed");
        }
        if (language.isInner(element)) {
            return Optional.of(element.getSimpleName() + " is an inner class; make it static");
        }
        boolean constructible = language.constructor(element)
                .filter(constructor -> !constructor.getModifiers().contains(Modifier.PRIVATE))
                .isPresent();
        return constructible
                ? Optional.empty()
                : Optional.of(element.getSimpleName() + " has no constructor without parameters");
    }

    private static boolean isConcrete(TypeElement element) {
        return element.getKind().isClass() && !element.getModifiers().contains(Modifier.ABSTRACT);
    }

    /** Whether annotations of Jackson decide how it is written, or its module for Kotlin does. */
    static boolean saysItself(TypeElement element) {
        return Stream.concat(Stream.of(element), element.getEnclosedElements().stream())
                .anyMatch(JsonTypes::hasAnnotationForJackson);
    }

    private static boolean hasAnnotationForJackson(Element element) {
        return element.getAnnotationMirrors().stream()
                .map(each -> each.getAnnotationType().toString())
                .anyMatch(each -> each.startsWith("com.fasterxml.jackson.") || each.equals("kotlin.Metadata"));
    }
}
