package io.cloacina.engine.internal.claim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.model.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checks submitted inputs against the declaration of the workflow. */
public final class Inputs {
    /** The keys that the engine adds to the input of an occurrence of a schedule. */
    public static final Set<String> OF_SCHEDULES = Set.of(Schedule.NAME_KEY, Schedule.TIME_KEY);

    private static final int MAX_SHOWN = 20;

    private Inputs() {}

    /**
     * Accepts an input, or throws an error that names its problems.
     *
     * @param besides keys that the engine itself added, and that need no declaration
     * @throws CloacinaException if a required value is missing, a value has another type, or one is not declared and
     *     the workflow refuses unknown input
     */
    public static void check(StoredDefinition workflow, ObjectNode input, Set<String> besides) {
        List<String> problems = declared(workflow, input);
        if (workflow.refusesUnknownInput()) {
            List<String> known =
                    workflow.inputs().stream().map(StoredDefinition.Input::key).toList();
            input.fieldNames().forEachRemaining(key -> {
                if (!known.contains(key) && !besides.contains(key)) {
                    problems.add(ErrorText.shown(key) + ": this value is not declared" + Arguments.meant(key, known));
                }
            });
        }
        refuse(workflow, problems);
    }

    /** As {@link #check}, but values that are not declared are always accepted. */
    public static void checkDeclared(StoredDefinition workflow, ObjectNode input) {
        refuse(workflow, declared(workflow, input));
    }

    private static List<String> declared(StoredDefinition workflow, ObjectNode input) {
        List<String> problems = new ArrayList<>();
        for (StoredDefinition.Input declared : workflow.inputs()) {
            JsonNode value = input.get(declared.key());
            if (value != null && !value.isNull()) {
                declared.shape().check(value, declared.key(), problems);
            } else if (declared.isRequired()) {
                problems.add(ErrorText.shown(declared.key()) + ": expected "
                        + declared.shape().noun() + ", and it is absent");
            }
        }
        return problems;
    }

    private static void refuse(StoredDefinition workflow, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_INPUT,
                    "the input does not fit workflow " + Arguments.shown(workflow.name()) + ": "
                            + String.join("; ", problems.subList(0, Math.min(MAX_SHOWN, problems.size())))
                            + (problems.size() > MAX_SHOWN ? "; and " + (problems.size() - MAX_SHOWN) + " more" : ""));
        }
    }
}
