package io.cloacina.server.page;

import io.cloacina.api.BulkActionKind;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Durations;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.server.http.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a search. All of them are in the URL, so that a search can be bookmarked and shared.
 *
 * @param text a part of an id, an idempotency key, or a label as {@code name=value}; here and below, an empty text
 *     means any
 * @param error a part of the error
 * @param since such as {@code 24h}
 * @param selected the ids of executions that were selected one by one, separated by commas
 */
public record SearchForm(
        String text,
        String workflow,
        String status,
        String error,
        String since,
        String parent,
        String schedule,
        String selected) {
    /** The parameters of a search, in the order of the fields of this record. */
    private static final List<String> NAMES =
            List.of("q", "workflow", "status", "error", "since", "parent", "schedule", "selected");

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}[0-9a-fA-F-]{0,28}");
    private static final int PAGE = 50;

    static SearchForm of(Call call) {
        List<String> given = NAMES.stream().map(name -> value(call, name)).toList();
        if (given.get(7).isEmpty() && call.query("only").isPresent()) {
            throw refused("nothing is selected: go back, and select executions in the list");
        }
        return new SearchForm(
                given.get(0),
                given.get(1),
                given.get(2),
                given.get(3),
                given.get(4),
                given.get(5),
                given.get(6),
                given.get(7));
    }

    private static String value(Call call, String name) {
        return name.equals("selected")
                ? String.join(",", call.queries(name))
                : call.query(name).orElse("").strip();
    }

    /** Whether the search finds all executions. */
    public boolean isEmpty() {
        return values().stream().allMatch(String::isEmpty);
    }

    /** The fields that are not empty, by their names. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (!values().get(i).isEmpty()) {
                fields.put(NAMES.get(i), values().get(i));
            }
        }
        return fields;
    }

    /** A path with this search as its parameters, after other ones such as {@code action=retry}. */
    public String at(String path, String... others) {
        String parameters = Stream.concat(
                        Arrays.stream(others),
                        fields().entrySet().stream()
                                .map(field -> field.getKey() + "=" + Shown.encoded(field.getValue())))
                .collect(Collectors.joining("&"));
        return parameters.isEmpty() ? path : path + "?" + parameters;
    }

    /** The label of a field for users. */
    public static String words(String field) {
        return switch (field) {
            case "q" -> "search";
            case "status" -> "state";
            case "error" -> "error contains";
            default -> field;
        };
    }

    /** The page of results after that execution; null for the first page. */
    public String url(@Nullable UUID before) {
        String first = at("/executions");
        return before == null ? first : first + (first.contains("?") ? "&" : "?") + "before=" + before;
    }

    /**
     * Whether an action is offered for the executions that are found. Deletion is not: it is chosen on the next page.
     */
    public boolean fits(BulkActionKind kind) {
        if (kind == BulkActionKind.DELETE) {
            return false;
        }
        return switch (status) {
            case "Failed" -> kind == BulkActionKind.RETRY || kind == BulkActionKind.RESTART;
            case "Completed", "Cancelled" -> kind == BulkActionKind.RESTART;
            case "Paused" -> kind == BulkActionKind.RESUME || kind == BulkActionKind.CANCEL;
            case "Pending", "Running" -> kind == BulkActionKind.PAUSE || kind == BulkActionKind.CANCEL;
            default -> kind != BulkActionKind.RESTART;
        };
    }

    ExecutionQuery query(Optional<String> before) {
        ExecutionQuery query = query().limit(PAGE);
        return before.isEmpty() ? query : query.before(Call.uuid("before", before.get()));
    }

    ExecutionQuery query() {
        ExecutionQuery query = ExecutionQuery.all();
        if (ID.matcher(text).matches()) {
            query = query.idBeginning(text);
        } else if (text.contains("=")) {
            String[] label = text.split("=", 2);
            query = query.label(label[0].strip(), label[1].strip());
        } else if (!text.isEmpty()) {
            query = query.idempotencyKey(text);
        }
        query = workflow.isEmpty() ? query : query.workflow(workflow);
        query = status.isEmpty() ? query : query.status(state(status));
        query = error.isEmpty() ? query : query.error(error);
        query = since.isEmpty() ? query : query.since(Instant.now().minus(time(since)));
        query = parent.isEmpty() ? query : query.parent(Call.uuid("parent", parent));
        query = schedule.isEmpty() ? query : query.schedule(schedule);
        return selected.isEmpty()
                ? query
                : query.ids(Stream.of(selected.split(",", -1))
                        .map(id -> Call.uuid("selected", id))
                        .toList());
    }

    private List<String> values() {
        return List.of(text, workflow, status, error, since, parent, schedule, selected);
    }

    private static ExecutionStatus state(String label) {
        return Arrays.stream(ExecutionStatus.values())
                .filter(each -> each.label().equalsIgnoreCase(label))
                .findFirst()
                .orElseThrow(() -> refused("a state must be Pending, Running, Completed, Failed, Cancelled or Paused"));
    }

    private static Duration time(String text) {
        return Durations.parseDelay(text).orElseThrow(() -> refused("since must be an age such as 1h, 24h or 7d"));
    }

    private static CloacinaException refused(String message) {
        return new CloacinaException("INVALID_QUERY", message);
    }
}
