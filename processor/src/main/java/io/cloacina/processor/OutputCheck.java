package io.cloacina.processor;

import java.time.Instant;
import java.util.Optional;
import javax.lang.model.type.TypeMirror;

/** Whether what a task puts out is what the tasks after it take. */
final class OutputCheck {
    private final Language language;
    private final Reporter reporter;
    private final GraphCheck graph;

    OutputCheck(Language language, Reporter reporter, GraphCheck graph) {
        this.language = language;
        this.reporter = reporter;
        this.graph = graph;
    }

    void check(TaskModel task) {
        for (Parameter parameter : task.parameters()) {
            if (parameter.isOutputOfTask()) {
                graph.task(parameter.key())
                        .filter(other -> !other.method().equals(task.method())
                                && hasKnownOutput(other, task.name(), parameter.place()))
                        .ifPresent(other -> checkParameter(parameter, other));
            }
        }
        for (TaskModel.Use use : task.uses()) {
            if (use.reason() == TaskModel.Reason.SLEEP_UNTIL) {
                graph.task(use.task())
                        .filter(other -> !other.method().equals(task.method())
                                && hasKnownOutput(other, task.name(), use.place()))
                        .ifPresent(other -> checkInstant(other, use.place()));
            }
        }
    }

    /** A child's output is not known here, so that anything may take it. */
    private boolean hasKnownOutput(TaskModel other, String taker, Place place) {
        if (other.isChild()) {
            return false;
        }
        if (other.output() == null) {
            reporter.report(Message.NO_OUTPUT, place, other.name(), taker, other.name());
        }
        return other.output() != null;
    }

    private void checkParameter(Parameter parameter, TaskModel other) {
        TypeMirror output = other.output();
        if (output == null) {
            return;
        }
        String shown = Imports.shown(output);
        if (parameter.kind() == Parameter.Kind.FOR_EACH) {
            Optional<TypeMirror> element = language.elementOf(output);
            if (element.isEmpty()) {
                reporter.report(Message.NOT_A_LIST, parameter.place(), other.name(), shown);
                return;
            }
            checkFits(parameter, other, element.get(), "a list of " + Imports.shown(element.get()));
        } else {
            // An absent value is the same for both, so an Optional may take what an Optional was.
            TypeMirror value =
                    parameter.isOptional() ? language.inOptional(output).orElse(output) : output;
            checkFits(parameter, other, value, shown);
        }
    }

    private void checkFits(Parameter parameter, TaskModel other, TypeMirror value, String shown) {
        if (!language.fits(value, parameter.type())) {
            String type = Imports.shown(parameter.type());
            String taken = parameter.isOptional() ? "Optional<" + type + ">" : type;
            reporter.report(Message.TYPE_MISMATCH, parameter.place(), other.name(), shown, parameter.name(), taken);
        }
    }

    private void checkInstant(TaskModel other, Place place) {
        TypeMirror output = other.output();
        if (output != null && !language.isA(output, Instant.class)) {
            reporter.report(Message.NOT_AN_INSTANT, place, other.name(), Imports.shown(output));
        }
    }
}
