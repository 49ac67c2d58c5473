package io.cloacina.processor;

import java.util.List;

/**
 * When a task runs.
 *
 * @param part of the annotation that says it, or "" if none does
 */
record Rule(String part, List<Case> conditions, Place place) {
    /**
     * One condition.
     *
     * @param state {@code completed}, {@code failed}, {@code skipped}, or {@code key} with its operator
     * @param name of the task or the key
     * @param operator how the value of the key is compared, "" of a task
     */
    record Case(String state, String name, String operator, Place place) {
        boolean isOfTask() {
            return !state.equals("key");
        }

        String shown() {
            return state + " = '" + name + "'";
        }
    }

    boolean isDefault() {
        return part.isEmpty();
    }

    List<Case> ofTasks() {
        return conditions.stream().filter(Case::isOfTask).toList();
    }
}
