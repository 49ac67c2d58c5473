package io.cloacina.processor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.PrimitiveType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Questions about types and elements that the compiler's own interfaces answer only in several steps. */
final class Language {
    private final Elements elements;
    private final Types types;

    Language(ProcessingEnvironment environment) {
        elements = environment.getElementUtils();
        types = environment.getTypeUtils();
    }

    Types types() {
        return types;
    }

    Elements elements() {
        return elements;
    }

    /** The type of a class of the JDK or the API, with type arguments. */
    DeclaredType type(Class<?> known, TypeMirror... arguments) {
        return types.getDeclaredType(elements.getTypeElement(known.getCanonicalName()), arguments);
    }

    /** The types of a method, where a superclass may have left some to its subclasses. */
    ExecutableType in(TypeElement type, ExecutableElement method) {
        return (ExecutableType) types.asMemberOf((DeclaredType) type.asType(), method);
    }

    /** Whether it is that class, whatever its type arguments. */
    boolean isA(TypeMirror type, Class<?> known) {
        return isNamed(type, known.getCanonicalName());
    }

    boolean isNamed(TypeMirror type, String name) {
        return type.getKind() == TypeKind.DECLARED
                && ((TypeElement) ((DeclaredType) type).asElement())
                        .getQualifiedName()
                        .contentEquals(name);
    }

    /** Whether it is that class or one of its subclasses. */
    boolean isKindOf(TypeMirror type, Class<?> known) {
        return type.getKind() == TypeKind.DECLARED
                && types.isAssignable(types.erasure(type), types.erasure(type(known)));
    }

    TypeMirror boxed(TypeMirror type) {
        return type instanceof PrimitiveType primitive
                ? types.boxedClass(primitive).asType()
                : type;
    }

    /** A number may become a wider one: both are the same JSON. */
    boolean fits(TypeMirror from, TypeMirror to) {
        return types.isAssignable(from, to) || types.isAssignable(boxed(from), boxed(to));
    }

    /** What an {@code Optional} may hold. */
    Optional<TypeMirror> inOptional(TypeMirror type) {
        return isA(type, Optional.class)
                ? ((DeclaredType) type).getTypeArguments().stream().findFirst().map(TypeMirror.class::cast)
                : Optional.empty();
    }

    /** What a collection or an array holds. */
    Optional<TypeMirror> elementOf(TypeMirror type) {
        if (type instanceof ArrayType array) {
            return Optional.of(array.getComponentType());
        }
        if (isA(type, Collection.class)) {
            return ((DeclaredType) type).getTypeArguments().stream().findFirst().map(TypeMirror.class::cast);
        }
        return type.getKind() != TypeKind.DECLARED
                ? Optional.empty()
                : types.directSupertypes(type).stream()
                        .map(this::elementOf)
                        .flatMap(Optional::stream)
                        .findFirst();
    }

    /** What it is declared in; packages are not asked. */
    static Element around(Element element) {
        return Objects.requireNonNull(element.getEnclosingElement());
    }

    /** Whether code of that package can name it. */
    boolean isVisible(Element element, PackageElement from) {
        for (Element at = element; at.getKind() != ElementKind.PACKAGE; at = around(at)) {
            boolean visible = at.getModifiers().contains(Modifier.PUBLIC)
                    || (!at.getModifiers().contains(Modifier.PRIVATE)
                            && elements.getPackageOf(at).equals(from));
            if (!visible) {
                return false;
            }
        }
        return true;
    }

    /** The first class of a type that code of that package cannot name. */
    Optional<TypeElement> invisible(TypeMirror type, PackageElement from) {
        if (type instanceof ArrayType array) {
            return invisible(array.getComponentType(), from);
        }
        if (!(type instanceof DeclaredType declared)) {
            return Optional.empty();
        }
        TypeElement element = (TypeElement) declared.asElement();
        return isVisible(element, from)
                ? declared.getTypeArguments().stream()
                        .map(argument -> invisible(argument, from))
                        .flatMap(Optional::stream)
                        .findFirst()
                : Optional.of(element);
    }

    /** The output of a task as code of that package can name it; of an {@code Optional} what that holds. */
    Optional<TypeMirror> knownOutput(TaskModel task, PackageElement from) {
        TypeMirror output = task.output();
        if (output == null || task.isChild() || invisible(output, from).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(boxed(inOptional(output).orElse(output)));
    }

    /** A class that a type is compiled with; empty if there is none. */
    Optional<TypeElement> known(TypeElement type, String name) {
        return Optional.ofNullable(elements.getTypeElement(elements.getModuleOf(type), name));
    }

    /** A constructor without parameters; of a class that says none, the one that it has then. */
    Optional<ExecutableElement> constructor(TypeElement type) {
        return ElementFilter.constructorsIn(type.getEnclosedElements()).stream()
                .filter(each -> each.getParameters().isEmpty())
                .findFirst();
    }

    /** An instance needs one of the class around it, or belongs to a method. */
    boolean isInner(TypeElement type) {
        return switch (type.getNestingKind()) {
            case TOP_LEVEL -> false;
            case MEMBER -> !type.getModifiers().contains(Modifier.STATIC);
            case LOCAL, ANONYMOUS -> true;
        };
    }

    /** The methods of a class and its superclasses, of these first, without those that are overridden. */
    List<ExecutableElement> methods(TypeElement type) {
        List<ExecutableElement> found = new ArrayList<>();
        if (type.getSuperclass() instanceof DeclaredType superclass
                && superclass.asElement() instanceof TypeElement element) {
            found.addAll(methods(element));
        }
        List<ExecutableElement> own = ElementFilter.methodsIn(type.getEnclosedElements());
        found.removeIf(above -> own.stream().anyMatch(method -> elements.overrides(method, above, type)));
        found.addAll(own);
        return found;
    }
}
