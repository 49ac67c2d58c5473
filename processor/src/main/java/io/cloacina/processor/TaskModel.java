package io.cloacina.processor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * A task method as it was read.
 *
 * @param uses the tasks that it depends on, each time it names one
 * @param output what later tasks see; null if the method returns nothing
 * @param isChild whether its output is the child's, whose type is not known here
 * @param mayTimeOut whether it is skipped when its signal does not come
 * @param options what is said of it besides dependencies, as calls of {@code TaskOptions}
 */
record TaskModel(
        ExecutableElement method,
        String name,
        List<Parameter> parameters,
        List<Use> uses,
        Rule rule,
        @Nullable TypeMirror output,
        boolean isChild,
        boolean mayTimeOut,
        List<String> options) {
    /** How a task names one before it. */
    enum Reason {
        AFTER,
        FROM,
        FOR_EACH,
        SLEEP_UNTIL
    }

    /** Names a task before it. */
    record Use(String task, Reason reason, Place place) {}

    /** Each once, in the order in which they are named. */
    Set<String> dependencies() {
        Set<String> names = new LinkedHashSet<>();
        uses.forEach(use -> names.add(use.task()));
        return names;
    }

    boolean fansOut() {
        return parameters.stream().anyMatch(Parameter::isElement);
    }
}
