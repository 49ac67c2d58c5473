package io.cloacina.processor;

import io.cloacina.api.annotation.Task;
import java.util.List;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/**
 * Whether all types that a workflow class names are there, as another processor may write some in this round, and its annotations
 * are as the language wants them.
 */
final class Readiness {
    private final Language language;

    Readiness(Language language) {
        this.language = language;
    }

    boolean isReady(TypeElement type) {
        return isThere(type.getSuperclass())
                && isAnnotated(type)
                && language.methods(type).stream()
                        .filter(method -> Mirror.has(method, Task.class))
                        .allMatch(this::isReady);
    }

    private boolean isReady(ExecutableElement method) {
        return isThere(method.getReturnType())
                && isAnnotated(method)
                && method.getParameters().stream()
                        .allMatch(parameter -> isThere(parameter.asType()) && isAnnotated(parameter));
    }

    private static boolean isThere(TypeMirror type) {
        if (type.getKind() == TypeKind.ERROR) {
            return false;
        }
        if (type instanceof ArrayType array) {
            return isThere(array.getComponentType());
        }
        return !(type instanceof DeclaredType declared)
                || declared.getTypeArguments().stream().allMatch(Readiness::isThere);
    }

    private static boolean isAnnotated(Element element) {
        return element.getAnnotationMirrors().stream().allMatch(Readiness::hasValues);
    }

    private static boolean hasValues(AnnotationMirror annotation) {
        return annotation.getAnnotationType().getKind() == TypeKind.ERROR
                || (isComplete(annotation)
                        && annotation.getElementValues().values().stream().allMatch(value -> isThere(value)));
    }

    /** What must be said and is not is an error of the compiler, which it reports later. */
    private static boolean isComplete(AnnotationMirror annotation) {
        return ElementFilter.methodsIn(
                        annotation.getAnnotationType().asElement().getEnclosedElements())
                .stream()
                .allMatch(method -> method.getDefaultValue() != null
                        || annotation.getElementValues().containsKey(method));
    }

    /** javac gives the text {@code "<error>"} where it found no class or constant. */
    private static boolean isThere(AnnotationValue value) {
        Object held = value.getValue();
        if (held instanceof TypeMirror type) {
            return isThere(type);
        }
        if (held instanceof AnnotationMirror nested) {
            return hasValues(nested);
        }
        if (held instanceof List<?> list) {
            return list.stream().allMatch(each -> isThere((AnnotationValue) each));
        }
        return !"<error>".equals(held);
    }
}
