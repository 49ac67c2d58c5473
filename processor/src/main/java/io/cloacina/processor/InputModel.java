package io.cloacina.processor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.type.TypeMirror;

/**
 * A value of the input that tasks of a workflow take.
 *
 * @param type as a parameter takes it, best one that is not an {@code Optional}; of an {@code Optional} what that holds
 * @param isRequired whether one of the parameters is not an {@code Optional}, or a task runs for its elements
 * @param uses the parameters that take it, at least one
 */
record InputModel(String key, TypeMirror type, boolean isRequired, List<Parameter> uses) {
    /** Each key once, in the order in which they are first taken. */
    static List<InputModel> of(Collection<TaskModel> tasks) {
        Map<String, List<Parameter>> byKey = new LinkedHashMap<>();
        for (TaskModel task : tasks) {
            for (Parameter parameter : task.parameters()) {
                if (parameter.kind() == Parameter.Kind.INPUT) {
                    byKey.computeIfAbsent(parameter.key(), absent -> new ArrayList<>())
                            .add(parameter);
                }
            }
        }
        Set<String> lists = tasks.stream()
                .flatMap(task -> task.parameters().stream())
                .filter(parameter -> parameter.kind() == Parameter.Kind.FOR_EACH_OF_INPUT)
                .map(Parameter::key)
                .collect(Collectors.toSet());
        return byKey.entrySet().stream()
                .map(each -> of(each.getKey(), each.getValue(), lists.contains(each.getKey())))
                .toList();
    }

    private static InputModel of(String key, List<Parameter> uses, boolean isListOfTask) {
        Optional<Parameter> required =
                uses.stream().filter(parameter -> !parameter.isOptional()).findFirst();
        return new InputModel(
                key, required.orElse(uses.get(0)).type(), isListOfTask || required.isPresent(), List.copyOf(uses));
    }
}
