package io.cloacina.processor;

import io.cloacina.api.ElementOutcome;
import io.cloacina.api.annotation.Child;
import io.cloacina.api.annotation.ForEach;
import io.cloacina.api.annotation.Signal;
import io.cloacina.api.annotation.Sleep;
import io.cloacina.api.annotation.SleepUntil;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Reads a task method: what it says of itself, without the other tasks. */
final class TaskReader {
    private static final int MAX_PRIORITY = 1_000;

    private final Language language;
    private final Reporter reporter;
    private final Imports imports;
    private final PackageElement from;
    private final Settings settings;
    private final RuleReader rules;
    private final ParameterReader parameters;
    private final JsonTypes json;
    private final Declarations declarations;

    /** @param inputs the keys of the input that are not the name of a task */
    TaskReader(Language language, Reporter reporter, Imports imports, PackageElement from, Set<String> inputs) {
        this.language = language;
        this.reporter = reporter;
        this.imports = imports;
        this.from = from;
        settings = new Settings(language, reporter, imports, from);
        rules = new RuleReader(language, reporter, imports);
        json = new JsonTypes(language);
        parameters = new ParameterReader(language, reporter, settings, json, inputs);
        declarations = new Declarations(language, imports, from);
    }

    Settings settings() {
        return settings;
    }

    TaskModel read(TypeElement workflow, ExecutableElement method, Mirror task) {
        ExecutableType types = language.in(workflow, method);
        TypeMirror returned = types.getReturnType();
        checkMethod(method, returned);
        String name = nameOf(method, task);
        settings.name("the task name", name, Spelling.MAX_LENGTH, task.place("name"));
        List<Parameter> taken = new ArrayList<>();
        for (int i = 0; i < method.getParameters().size(); i++) {
            parameters
                    .read(
                            method.getParameters().get(i),
                            types.getParameterTypes().get(i))
                    .ifPresent(taken::add);
        }
        checkOnce(method, taken, Parameter::isElement, ForEach.class);
        checkOnce(method, taken, each -> each.kind() == Parameter.Kind.SIGNAL, Signal.class);
        List<String> options = new ArrayList<>();
        Rule rule = rules.read(task, options);
        addTaskOptions(task, options);
        addWaits(method, name, taken, options);
        options.addAll(parameters.options(taken));
        addChild(method, returned, name, task, options);
        options.addAll(settings.limits(method));
        boolean isChild = Mirror.has(method, Child.class);
        TypeMirror output = output(returned, taken);
        options.addAll(declarations.ofTask(method, taken, isChild ? null : output));
        return new TaskModel(
                method,
                name,
                List.copyOf(taken),
                uses(method, task, taken),
                rule,
                output,
                isChild,
                taken.stream()
                        .anyMatch(each -> each.kind() == Parameter.Kind.SIGNAL && !each.isOptional() && hasLimit(each)),
                List.copyOf(options));
    }

    static String nameOf(ExecutableElement method, Mirror task) {
        return task.says("name") ? task.text("name") : method.getSimpleName().toString();
    }

    private static boolean hasLimit(Parameter signal) {
        return Mirror.of(signal.element(), Signal.class)
                .filter(mirror -> mirror.says("within"))
                .isPresent();
    }

    private void checkMethod(ExecutableElement method, TypeMirror returned) {
        Set<Modifier> modifiers = method.getModifiers();
        Place place = Place.of(method);
        if (modifiers.contains(Modifier.PRIVATE)) {
            report(method, "private", "make it package-private or public");
        } else if (modifiers.contains(Modifier.STATIC)) {
            report(method, "static", "remove the word static");
        } else if (modifiers.contains(Modifier.ABSTRACT)) {
            report(method, "abstract", "implement it");
        } else if (!modifiers.contains(Modifier.PUBLIC)
                && !language.elements().getPackageOf(method).equals(from)) {
            report(method, "not visible from another package", "make it public");
        }
        if (!method.getTypeParameters().isEmpty()) {
            reporter.report(Message.METHOD_GENERIC, place, method.getSimpleName());
        }
        if (returned.getKind() != TypeKind.VOID) {
            json.problem(returned)
                    .ifPresent(problem -> reporter.report(
                            Message.CANNOT_BE_JSON,
                            place,
                            "the return type of " + method.getSimpleName(),
                            Imports.shown(returned),
                            problem));
        }
    }

    private void report(ExecutableElement method, String state, String todo) {
        reporter.report(Message.METHOD_NOT_CALLABLE, Place.of(method), method.getSimpleName(), state, todo);
    }

    private void checkOnce(Element method, List<Parameter> taken, Predicate<Parameter> kind, Class<?> annotation) {
        long count = taken.stream().filter(kind).count();
        if (count > 1) {
            reporter.report(Message.SEVERAL_OF_A_KIND, Place.of(method), count, annotation.getSimpleName());
        }
    }

    private void addTaskOptions(Mirror task, List<String> options) {
        settings.retry(task.nested("retry")).ifPresent(options::add);
        if (task.says("timeout")) {
            options.add(".timeout(" + settings.duration(task, "timeout").orElse("") + ")");
        }
        settings.number(task, "priority", -MAX_PRIORITY, MAX_PRIORITY);
        if (task.number("priority") != 0) {
            options.add(".priority(" + task.number("priority") + ")");
        }
        if (task.flag("transactional")) {
            options.add(".transactional()");
        }
    }

    private void addWaits(ExecutableElement method, String name, List<Parameter> taken, List<String> options) {
        List<String> waits = new ArrayList<>();
        Mirror.of(method, Sleep.class).ifPresent(sleep -> {
            waits.add("@Sleep");
            options.add(".sleep(" + settings.duration(sleep, "value").orElse("") + ")");
        });
        Mirror.of(method, SleepUntil.class).ifPresent(sleep -> {
            waits.add("@SleepUntil");
            options.add(".sleepUntil(context -> context.get(" + settings.quoted(sleep.text("value")) + ", "
                    + imports.name(Instant.class) + ".class))");
        });
        if (taken.stream().anyMatch(each -> each.kind() == Parameter.Kind.SIGNAL)) {
            waits.add("@Signal");
        }
        if (waits.size() > 1) {
            reporter.report(Message.SEVERAL_WAITS, Place.of(method), name, String.join(" and ", waits));
        }
    }

    private void addChild(ExecutableElement method, TypeMirror input, String name, Mirror task, List<String> options) {
        Mirror.of(method, Child.class).ifPresent(child -> {
            String workflow = settings.name(
                    "the child's workflow name", child.text("value"), Spelling.MAX_LENGTH, child.place("value"));
            options.add(".child(" + workflow + ")");
            if (child.says("take")) {
                options.add(".take("
                        + settings.name("the key to take", child.text("take"), Spelling.MAX_LENGTH, child.place("take"))
                        + ")");
            }
            if (task.flag("transactional")) {
                reporter.report(Message.CHILD_TRANSACTIONAL, task.place("transactional"), name);
            }
            if (!isObject(input)) {
                reporter.report(Message.CHILD_INPUT, Place.of(method), name, Imports.shown(input));
            }
        });
    }

    private boolean isObject(TypeMirror type) {
        if (!(type instanceof DeclaredType declared)) {
            return false;
        }
        return declared.asElement().getKind() == ElementKind.RECORD
                || (language.isKindOf(type, Map.class)
                        && declared.getTypeArguments().size() == 2
                        && language.isA(declared.getTypeArguments().get(0), String.class));
    }

    private static List<TaskModel.Use> uses(ExecutableElement method, Mirror task, List<Parameter> taken) {
        List<TaskModel.Use> uses = new ArrayList<>();
        for (Parameter parameter : taken) {
            if (parameter.isOutputOfTask()) {
                TaskModel.Reason reason =
                        parameter.kind() == Parameter.Kind.FROM ? TaskModel.Reason.FROM : TaskModel.Reason.FOR_EACH;
                uses.add(new TaskModel.Use(parameter.key(), reason, parameter.place()));
            }
        }
        Mirror.of(method, SleepUntil.class)
                .ifPresent(sleep -> uses.add(
                        new TaskModel.Use(sleep.text("value"), TaskModel.Reason.SLEEP_UNTIL, sleep.place("value"))));
        task.list("after")
                .forEach(value -> uses.add(
                        new TaskModel.Use(value.getValue().toString(), TaskModel.Reason.AFTER, task.place(value))));
        return List.copyOf(uses);
    }

    /** What stands in the context under the name of the task. */
    private @Nullable TypeMirror output(TypeMirror returned, List<Parameter> taken) {
        if (returned.getKind() == TypeKind.VOID) {
            return null;
        }
        Optional<Mirror> each = taken.stream()
                .filter(Parameter::isElement)
                .findFirst()
                .flatMap(parameter -> Mirror.of(parameter.element(), ForEach.class));
        if (each.isEmpty()) {
            return returned;
        }
        TypeMirror result = language.boxed(returned);
        return language.type(
                List.class, each.get().flag("collect") ? language.type(ElementOutcome.class, result) : result);
    }
}
