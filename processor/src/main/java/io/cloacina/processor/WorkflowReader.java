package io.cloacina.processor;

import io.cloacina.api.InFlight;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;

/** Reads a workflow class, and judges all that can be judged without the other tasks. */
final class WorkflowReader {
    private static final int MAX_VERSION_LENGTH = 100;

    private final Language language;
    private final Reporter reporter;
    private final Imports imports;

    WorkflowReader(Language language, Reporter reporter, Imports imports) {
        this.language = language;
        this.reporter = reporter;
        this.imports = imports;
    }

    WorkflowModel read(TypeElement type, Mirror workflow) {
        boolean isClass = checkClass(type, workflow);
        PackageElement from = language.elements().getPackageOf(type);
        TaskReader reader = new TaskReader(language, reporter, imports, from, inputKeys(type));
        List<TaskModel> tasks = language.methods(type).stream()
                .map(method -> Mirror.of(method, Task.class).map(task -> reader.read(type, method, task)))
                .flatMap(Optional::stream)
                .toList();
        if (tasks.isEmpty() && isClass) {
            reporter.report(Message.WORKFLOW_EMPTY, workflow.place(), type.getSimpleName());
        }
        String name = nameOf(type, workflow);
        reader.settings().name("the workflow name", name, Spelling.MAX_LENGTH, workflow.place("name"));
        List<String> options = new ArrayList<>();
        if (workflow.says("version")) {
            options.add(".version("
                    + reader.settings()
                            .name(
                                    "the version",
                                    workflow.text("version"),
                                    MAX_VERSION_LENGTH,
                                    workflow.place("version"))
                    + ")");
        }
        if (workflow.says("inFlight")) {
            options.add(".inFlight(" + imports.name(InFlight.class) + "." + workflow.constant("inFlight") + ")");
        }
        if (workflow.says("deadline")) {
            options.add(".deadline("
                    + reader.settings().duration(workflow, "deadline").orElse("") + ")");
        }
        if (workflow.flag("refuseUnknownInput")) {
            options.add(".refuseUnknownInput()");
        }
        options.addAll(reader.settings().limits(type));
        options.addAll(new ScheduleReader(reporter, reader.settings()).read(type, name));
        List<InputModel> inputs = InputModel.of(tasks);
        options.addAll(new Declarations(language, imports, from).ofInputs(inputs));
        return new WorkflowModel(type, name, List.copyOf(options), inputs, tasks);
    }

    /** The keys that parameters take of the input, without those that are the name of a task. */
    private Set<String> inputKeys(TypeElement type) {
        Set<String> keys = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (ExecutableElement method : language.methods(type)) {
            Mirror.of(method, Task.class).ifPresent(task -> {
                names.add(TaskReader.nameOf(method, task));
                method.getParameters()
                        .forEach(parameter -> Mirror.of(parameter, Input.class)
                                .ifPresent(input -> keys.add(ParameterReader.key(parameter, input))));
            });
        }
        keys.removeAll(names);
        return keys;
    }

    static String nameOf(TypeElement type, Mirror workflow) {
        return workflow.says("name")
                ? workflow.text("name")
                : Spelling.hyphened(type.getSimpleName().toString());
    }

    private boolean checkClass(TypeElement type, Mirror workflow) {
        Place place = workflow.place();
        boolean isClass =
                type.getKind() == ElementKind.CLASS && !type.getModifiers().contains(Modifier.ABSTRACT);
        if (!isClass) {
            String kind = switch (type.getKind()) {
                case INTERFACE -> "an interface";
                case ENUM -> "an enum";
                case RECORD -> "a record";
                case ANNOTATION_TYPE -> "an annotation";
                default -> "abstract";
            };
            reporter.report(Message.WORKFLOW_NOT_A_CLASS, place, type.getSimpleName(), kind);
        }
        if (!language.isVisible(type, language.elements().getPackageOf(type))) {
            reporter.report(Message.WORKFLOW_NOT_VISIBLE, place, type.getSimpleName());
        }
        if (language.isInner(type)) {
            reporter.report(Message.WORKFLOW_INNER, place, type.getSimpleName());
        }
        if (!type.getTypeParameters().isEmpty()) {
            reporter.report(Message.WORKFLOW_GENERIC, place, type.getSimpleName());
        }
        return isClass;
    }
}
