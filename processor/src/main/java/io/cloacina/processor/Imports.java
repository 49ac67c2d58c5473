package io.cloacina.processor;

import io.cloacina.api.TypeOf;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** Writes the types of a source file in short form, and remembers what has to be imported for that. */
final class Imports {
    private final Elements elements;
    private final PackageElement from;
    private final Map<String, String> bySimpleName = new HashMap<>();
    private final TreeSet<String> imported = new TreeSet<>();

    Imports(Elements elements, PackageElement from, String ownName) {
        this.elements = elements;
        this.from = from;
        bySimpleName.put(ownName, from.isUnnamed() ? ownName : from.getQualifiedName() + "." + ownName);
    }

    Collection<String> imported() {
        return imported;
    }

    String name(Class<?> known) {
        return name(elements.getTypeElement(known.getCanonicalName()));
    }

    /** A nested class is written with those around it. */
    String name(TypeElement type) {
        if (Language.around(type) instanceof TypeElement outer) {
            return name(outer) + "." + type.getSimpleName();
        }
        String simple = type.getSimpleName().toString();
        String qualified = type.getQualifiedName().toString();
        String holder = bySimpleName.get(simple);
        if (holder == null && !isHidden(type)) {
            bySimpleName.put(simple, qualified);
            PackageElement of = elements.getPackageOf(type);
            if (!of.equals(from) && !of.getQualifiedName().contentEquals("java.lang")) {
                imported.add(qualified);
            }
            return simple;
        }
        return qualified.equals(holder) ? simple : qualified;
    }

    /** A class of the package hides one of {@code java.lang}, which is not imported by its name. */
    private boolean isHidden(TypeElement type) {
        return elements.getPackageOf(type).getQualifiedName().contentEquals("java.lang")
                && elements.getTypeElement(from.getQualifiedName() + "." + type.getSimpleName()) != null;
    }

    String type(TypeMirror type) {
        if (type instanceof ArrayType array) {
            return type(array.getComponentType()) + "[]";
        }
        if (type instanceof WildcardType wildcard) {
            return "?" + bound(" extends ", wildcard.getExtendsBound()) + bound(" super ", wildcard.getSuperBound());
        }
        if (!(type instanceof DeclaredType declared)) {
            return type.getKind().name().toLowerCase(Locale.ROOT);
        }
        List<? extends TypeMirror> arguments = declared.getTypeArguments();
        return name((TypeElement) declared.asElement())
                + (arguments.isEmpty()
                        ? ""
                        : arguments.stream().map(this::type).collect(Collectors.joining(", ", "<", ">")));
    }

    private String bound(String keyword, @Nullable TypeMirror bound) {
        return bound == null ? "" : keyword + type(bound);
    }

    /** How a type is shown in a message: without packages. */
    static String shown(TypeMirror type) {
        if (type instanceof ArrayType array) {
            return shown(array.getComponentType()) + "[]";
        }
        if (type instanceof DeclaredType declared) {
            String name = declared.asElement().getSimpleName().toString();
            List<? extends TypeMirror> arguments = declared.getTypeArguments();
            return arguments.isEmpty()
                    ? name
                    : name + arguments.stream().map(Imports::shown).collect(Collectors.joining(", ", "<", ">"));
        }
        if (type.getKind().isPrimitive()) {
            return type.getKind().name().toLowerCase(Locale.ROOT);
        }
        return type.toString();
    }

    /** {@code Outer_InnerDefinition}. */
    static String definitionName(TypeElement type) {
        return joined(type) + "Definition";
    }

    /** {@code Outer_InnerClient}. */
    static String clientName(TypeElement type) {
        return joined(type) + "Client";
    }

    private static String joined(TypeElement type) {
        return Language.around(type) instanceof TypeElement outer
                ? joined(outer) + "_" + type.getSimpleName()
                : type.getSimpleName().toString();
    }

    /** As a token that keeps type arguments where there are some. */
    String token(TypeMirror type) {
        boolean generic = type instanceof DeclaredType declared
                && !declared.getTypeArguments().isEmpty();
        return generic || hasGenericComponent(type)
                ? "new " + name(TypeOf.class) + "<" + type(type) + ">() {}"
                : type(type) + ".class";
    }

    private static boolean hasGenericComponent(TypeMirror type) {
        return type instanceof ArrayType array
                && (hasGenericComponent(array.getComponentType())
                        || (array.getComponentType() instanceof DeclaredType component
                                && !component.getTypeArguments().isEmpty()));
    }
}
