package io.cloacina.processor;

import io.cloacina.api.annotation.AtMost;
import io.cloacina.api.annotation.Child;
import io.cloacina.api.annotation.ForEach;
import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Scheduled;
import io.cloacina.api.annotation.Signal;
import io.cloacina.api.annotation.Sleep;
import io.cloacina.api.annotation.SleepUntil;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import java.lang.annotation.Annotation;
import java.util.List;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;

/** Finds annotations that nobody reads, because they stand outside of a task or of a workflow. */
final class StrayCheck {
    private static final List<Class<? extends Annotation>> OF_TASKS = List.of(
            Sleep.class,
            SleepUntil.class,
            Child.class,
            AtMost.class,
            AtMost.All.class,
            Scheduled.class,
            Scheduled.All.class,
            From.class,
            ForEach.class,
            Input.class,
            Signal.class);

    private final Reporter reporter;

    StrayCheck(Reporter reporter) {
        this.reporter = reporter;
    }

    void check(RoundEnvironment round) {
        for (Element method : round.getElementsAnnotatedWith(Task.class)) {
            Element type = Language.around(method);
            if (!mayHaveTasks(type)) {
                report(Message.WITHOUT_WORKFLOW, method, Task.class, type.getSimpleName());
            }
        }
        for (Class<? extends Annotation> annotation : OF_TASKS) {
            round.getElementsAnnotatedWith(annotation).forEach(element -> check(element, annotation));
        }
    }

    private void check(Element element, Class<? extends Annotation> annotation) {
        boolean onClass = element.getKind().isClass() || element.getKind().isInterface();
        Element method = element.getKind() == ElementKind.PARAMETER ? Language.around(element) : element;
        if (onClass && !Mirror.has(element, Workflow.class)) {
            report(Message.WITHOUT_WORKFLOW, element, annotation, element.getSimpleName());
        } else if (!onClass && !Mirror.has(method, Task.class)) {
            report(Message.WITHOUT_TASK, element, annotation);
        }
    }

    /**
     * Tasks of an abstract class, not of an interface, are inherited by workflows. Which classes are compiled with it does not matter:
     * an incremental build would say something else than a full one.
     */
    private static boolean mayHaveTasks(Element type) {
        return Mirror.has(type, Workflow.class)
                || (type.getKind().isClass() && type.getModifiers().contains(Modifier.ABSTRACT));
    }

    private void report(Message message, Element element, Class<?> annotation, Object... more) {
        Element named = element.getKind() == ElementKind.PARAMETER ? Language.around(element) : element;
        // Of a repeated one, that which is repeated.
        Class<?> said = annotation.getEnclosingClass() == null ? annotation : annotation.getEnclosingClass();
        String name = said.getSimpleName();
        String where = (named.getKind() == ElementKind.METHOD ? "method " : "") + named.getSimpleName();
        Place place = Mirror.of(element, annotation).map(Mirror::place).orElse(Place.of(element));
        if (more.length == 0) {
            reporter.report(message, place, name, where);
        } else {
            reporter.report(message, place, name, where, more[0]);
        }
    }
}
