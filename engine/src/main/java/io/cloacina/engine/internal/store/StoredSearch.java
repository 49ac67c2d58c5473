package io.cloacina.engine.internal.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Labeled;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A search as JSON: {@code {"workflow": "order", "states": ["Failed"]}}. A condition that this version does not know is
 * an error, because without it the search would find more than was meant.
 */
public final class StoredSearch {
    private static final String FROM = "from";
    private static final String BEFORE = "before";
    private static final String PARENT = "parent";
    private static final String IDS = "ids";
    private static final String STATES = "states";
    private static final String TASK_STATES = "task_states";
    private static final String LABELS = "labels";
    private static final int MILLIS_SHIFT = 16;

    private StoredSearch() {}

    /** The conditions of a search, without how many executions are wanted. */
    public static String json(Search search) {
        ObjectNode json = JsonContext.empty();
        if (!search.from().equals(UniversalUuid.NIL)) {
            json.put(FROM, search.from().toString());
        }
        if (!search.before().equals(UniversalUuid.MAX)) {
            json.put(BEFORE, search.before().toString());
        }
        search.texts().forEach((part, text) -> json.put(name(part), text));
        if (search.parent() != null) {
            json.put(PARENT, search.parent().toString());
        }
        if (!search.ids().isEmpty()) {
            ArrayNode ids = json.putArray(IDS);
            search.ids().forEach(id -> ids.add(id.toString()));
        }
        put(json, STATES, search.states());
        put(json, TASK_STATES, search.taskStates());
        if (!search.labels().isEmpty()) {
            ObjectNode labels = json.putObject(LABELS);
            search.labels().forEach(labels::put);
        }
        return json.toString();
    }

    private static void put(ObjectNode json, String name, List<? extends Labeled> states) {
        if (!states.isEmpty()) {
            ArrayNode labels = json.putArray(name);
            states.forEach(state -> labels.add(state.label()));
        }
    }

    /**
     * Reads a stored search, to be done a few executions at a time.
     *
     * @throws CloacinaException if another version of this library stored conditions that this one does not know
     */
    public static Search read(String json, int limit, int scan) {
        ObjectNode conditions = JsonContext.parse(json, "a search");
        Search search = Search.all(limit, scan).inSteps();
        List<TaskStatus> taskStates = List.of();
        for (Map.Entry<String, JsonNode> each : conditions.properties()) {
            JsonNode value = each.getValue();
            switch (each.getKey()) {
                case FROM -> search = search.within(id(value), UniversalUuid.MAX);
                case BEFORE -> search = search.within(UniversalUuid.NIL, id(value));
                case PARENT -> search = search.childrenOf(id(value));
                case IDS -> search = search.among(ids(value));
                case STATES -> search = search.in(states(value, ExecutionStatus.values()));
                case TASK_STATES -> taskStates = states(value, TaskStatus.values());
                case LABELS -> search = search.labelled(labels(value));
                default -> search = search.with(part(each.getKey()), value.asText());
            }
        }
        return taskStates.isEmpty() ? search : search.task(search.text(Search.Part.TASK), taskStates);
    }

    private static UniversalUuid id(JsonNode value) {
        return UniversalUuid.parse(value.asText());
    }

    private static List<UniversalUuid> ids(JsonNode all) {
        List<UniversalUuid> ids = new ArrayList<>();
        all.forEach(each -> ids.add(id(each)));
        return ids;
    }

    private static <E extends Labeled> List<E> states(JsonNode labels, E[] all) {
        List<E> states = new ArrayList<>();
        for (JsonNode label : labels) {
            states.add(Arrays.stream(all)
                    .filter(each -> each.label().equals(label.asText()))
                    .findFirst()
                    .orElseThrow(() -> unknown(label.asText())));
        }
        return states;
    }

    private static Map<String, String> labels(JsonNode value) {
        Map<String, String> labels = new LinkedHashMap<>();
        value.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    private static Search.Part part(String name) {
        return Arrays.stream(Search.Part.values())
                .filter(part -> name(part).equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    private static CloacinaException unknown(String condition) {
        return new CloacinaException(
                ErrorCodes.UNKNOWN_CONDITION,
                "a newer version of this library stored a search for '" + condition
                        + "', which this version does not know: leave it to a process with that version");
    }

    private static String name(Search.Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The conditions in words:
     * {@code workflow 'order', state failed or cancelled, submitted since 2026-03-01T02:00:00Z}.
     */
    public static String words(Search search) {
        List<String> words = new ArrayList<>();
        search.texts()
                .forEach((part, text) -> words.add(
                        name(part) + " '" + text + "'" + (part == Search.Part.TASK ? in(search.taskStates()) : "")));
        if (!search.states().isEmpty()) {
            words.add("state" + in(search.states()));
        }
        search.labels().forEach((name, value) -> words.add("label " + name + "=" + value));
        if (search.parent() != null) {
            words.add("children of " + search.parent());
        }
        if (!search.ids().isEmpty()) {
            // The ids say more than the times around them.
            words.add(
                    search.ids().size() == 1
                            ? "execution " + search.ids().get(0)
                            : search.ids().size() + " selected executions");
            return String.join(", ", words);
        }
        if (!search.from().equals(UniversalUuid.NIL)) {
            words.add("submitted since " + time(search.from()));
        }
        if (!search.before().equals(UniversalUuid.MAX)) {
            words.add("submitted before " + time(search.before()));
        }
        return words.isEmpty() ? "all" : String.join(", ", words);
    }

    private static String in(List<? extends Labeled> states) {
        return states.stream()
                .map(state -> state.label().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or ", states.isEmpty() ? "" : " ", ""));
    }

    /** The time at the beginning of an id. */
    private static Instant time(UniversalUuid id) {
        return Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> MILLIS_SHIFT);
    }
}
