package io.cloacina.processor;

import io.cloacina.api.Arguments;
import io.cloacina.api.annotation.AtMost;
import io.cloacina.api.annotation.Scheduled;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;

/** Whether a workflow takes its input consistently, and whether its limits and schedules find there what they need. */
final class InputCheck {
    /** A schedule puts these into the input: its name, and the time at which it fires. */
    private static final Set<String> OF_SCHEDULES = Set.of("schedule", "scheduled_at");

    private final Language language;
    private final Reporter reporter;
    private final GraphCheck graph;
    private final WorkflowModel workflow;
    private final Map<String, InputModel> inputs = new LinkedHashMap<>();
    /** The keys without which an execution cannot do its work. */
    private final Set<String> needed = new LinkedHashSet<>();

    InputCheck(Language language, Reporter reporter, GraphCheck graph, WorkflowModel workflow) {
        this.language = language;
        this.reporter = reporter;
        this.graph = graph;
        this.workflow = workflow;
        workflow.inputs().forEach(input -> inputs.put(input.key(), input));
    }

    void check() {
        for (InputModel input : inputs.values()) {
            checkTypes(input);
            checkElements(input);
            if (input.isRequired()) {
                needed.add(input.key());
            }
        }
        limits(workflow.type()).forEach(limit -> check(limit, inputs.keySet(), true));
        for (TaskModel task : workflow.tasks()) {
            limits(task.method()).forEach(limit -> check(limit, keysFor(task), !task.fansOut()));
        }
        checkSchedules();
    }

    /** A primitive type and its class are the same JSON. */
    private void checkTypes(InputModel input) {
        Parameter first = input.uses().get(0);
        input.uses().stream()
                .filter(other -> !isSame(first.type(), other.type()))
                .findFirst()
                .ifPresent(other -> reporter.report(
                        Message.INPUT_TYPES,
                        other.place(),
                        input.key(),
                        Imports.shown(other.type()),
                        Language.around(other.element()).getSimpleName(),
                        Imports.shown(first.type()),
                        Language.around(first.element()).getSimpleName()));
    }

    /** A task may run for the elements of a list of the input. */
    private void checkElements(InputModel input) {
        Parameter first = input.uses().get(0);
        Optional<TypeMirror> element = language.elementOf(first.type());
        for (TaskModel task : workflow.tasks()) {
            for (Parameter parameter : task.parameters()) {
                if (parameter.kind() == Parameter.Kind.FOR_EACH_OF_INPUT
                        && parameter.key().equals(input.key())
                        && element.filter(of -> language.fits(of, parameter.type()))
                                .isEmpty()) {
                    reporter.report(
                            Message.INPUT_TYPES,
                            parameter.place(),
                            input.key(),
                            "a list of " + Imports.shown(parameter.type()),
                            task.method().getSimpleName(),
                            Imports.shown(first.type()),
                            Language.around(first.element()).getSimpleName());
                }
            }
        }
    }

    /** The compiler does not call two types the same that have a wildcard. */
    private boolean isSame(TypeMirror one, TypeMirror other) {
        TypeMirror left = language.boxed(one);
        TypeMirror right = language.boxed(other);
        return language.types().isSameType(left, right) || left.toString().equals(right.toString());
    }

    private static List<Mirror> limits(Element element) {
        return Mirror.all(element, AtMost.class, AtMost.All.class).stream()
                .filter(limit -> limit.says("per") && !limit.text("per").isBlank())
                .toList();
    }

    /** The runs of a task for elements count by what the task sees: also by what tasks before it have put out. */
    private Set<String> keysFor(TaskModel task) {
        Set<String> keys = new LinkedHashSet<>(inputs.keySet());
        if (task.fansOut()) {
            keys.addAll(graph.before(task));
        }
        return keys;
    }

    private void check(Mirror limit, Set<String> keys, boolean isOfInput) {
        String per = limit.text("per");
        String key = keys.contains(per) || per.indexOf('.') < 0 ? per : per.substring(0, per.indexOf('.'));
        if (!keys.contains(key)) {
            if (!mayBeUnknown(isOfInput)) {
                String todo = Arguments.nearest(key, keys)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("name the key of an input, or add a parameter with @Input");
                report(limit, "no parameter with @Input has the key '" + key + "'", todo);
            }
            return;
        }
        if (isOfInput) {
            needed.add(key);
        }
        InputModel input = inputs.get(key);
        if (input != null && !key.equals(per)) {
            checkPath(limit, input.type(), per.substring(key.length() + 1).split("\\.", -1));
        }
    }

    /** A context takes and puts what it likes. */
    private boolean mayBeUnknown(boolean isOfInput) {
        return (inputs.isEmpty() || !isOfInput)
                && workflow.tasks().stream()
                        .flatMap(task -> task.parameters().stream())
                        .anyMatch(parameter -> parameter.kind() == Parameter.Kind.CONTEXT);
    }

    /** As far as there are records whose JSON has the names of their components. */
    private void checkPath(Mirror limit, TypeMirror from, String[] path) {
        TypeMirror at = from;
        for (String segment : path) {
            if (!(at instanceof DeclaredType declared)
                    || !(declared.asElement() instanceof TypeElement element)
                    || element.getKind() != ElementKind.RECORD
                    || JsonTypes.saysItself(element)) {
                return;
            }
            Optional<? extends RecordComponentElement> component = element.getRecordComponents().stream()
                    .filter(each -> each.getSimpleName().contentEquals(segment))
                    .findFirst();
            if (component.isEmpty()) {
                List<String> names = element.getRecordComponents().stream()
                        .map(each -> each.getSimpleName().toString())
                        .toList();
                String todo = Arguments.nearest(segment, names)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("name one of its components");
                report(limit, "record " + element.getSimpleName() + " has no component '" + segment + "'", todo);
                return;
            }
            TypeMirror next = component.get().asType();
            at = language.inOptional(next).orElse(next);
        }
    }

    private void report(Mirror limit, String problem, String todo) {
        reporter.report(Message.LIMIT_KEY, limit.place("per"), limit.text("per"), problem, todo);
    }

    private void checkSchedules() {
        needed.removeAll(OF_SCHEDULES);
        if (needed.isEmpty()) {
            return;
        }
        String keys = needed.stream().map(key -> "'" + key + "'").collect(Collectors.joining(", "));
        for (Mirror schedule : Mirror.all(workflow.type(), Scheduled.class, Scheduled.All.class)) {
            reporter.report(
                    Message.SCHEDULED_INPUT, schedule.place(), workflow.type().getSimpleName(), keys);
        }
    }
}
