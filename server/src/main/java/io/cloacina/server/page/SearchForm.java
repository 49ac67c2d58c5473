package io.cloacina.server.page;

import io.cloacina.api.BulkActionKind;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Durations;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Labeled;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.server.http.Call;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
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
 * @param fields those that are not empty, by the names of the parameters, in the order of {@link #NAMES}
 */
public record SearchForm(Map<String, String> fields) {
    /**
     * The parameters of a search: {@code q} is the beginning of an id, an idempotency key, or a label as
     * {@code name=value}; {@code task} may have a state, such as {@code ship:failed}; {@code since} and {@code until}
     * are ages such as {@code 24h}; {@code selected} are the ids of executions that were selected one by one.
     */
    private static final List<String> NAMES = List.of(
            "q", "workflow", "version", "status", "error", "task", "since", "until", "parent", "schedule", "selected");

    /** The fields that the form hides until they are asked for. */
    private static final List<String> MORE = List.of("version", "task", "until");

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}[0-9a-fA-F-]{0,28}");
    private static final int PAGE = 50;

    static SearchForm of(Call call) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : NAMES) {
            String value = name.equals("selected")
                    ? String.join(",", call.queries(name))
                    : call.query(name).orElse("").strip();
            if (!value.isEmpty()) {
                fields.put(name, value);
            }
        }
        SearchForm form = new SearchForm(Collections.unmodifiableMap(fields));
        if (form.value("selected").isEmpty() && call.query("only").isPresent()) {
            throw refused("nothing is selected: go back, and select executions in the list");
        }
        return form;
    }

    /** The value of a field; an empty text means any. */
    public String value(String field) {
        return fields.getOrDefault(field, "");
    }

    /** Whether the search finds all executions. */
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Whether a condition is given that the form hides until it is asked for. */
    public boolean hasMore() {
        return MORE.stream().anyMatch(fields::containsKey);
    }

    /** A path with this search as its parameters, after other ones such as {@code action=retry}. */
    public String at(String path, String... others) {
        String parameters = Stream.concat(
                        Arrays.stream(others),
                        fields.entrySet().stream().map(field -> field.getKey() + "=" + Shown.encoded(field.getValue())))
                .collect(Collectors.joining("&"));
        return parameters.isEmpty() ? path : path + "?" + parameters;
    }

    /** The label of a field for users. */
    public static String words(String field) {
        return switch (field) {
            case "q" -> "search";
            case "status" -> "state";
            case "error" -> "error contains";
            case "since" -> "not older than";
            case "until" -> "older than";
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
        ExecutionStatus state = known(ExecutionStatus.values(), value("status")).orElse(null);
        if (state == null) {
            return kind != BulkActionKind.RESTART;
        }
        return switch (state) {
            case FAILED -> kind == BulkActionKind.RETRY || kind == BulkActionKind.RESTART;
            case COMPLETED, CANCELLED -> kind == BulkActionKind.RESTART;
            case PAUSED -> kind == BulkActionKind.RESUME || kind == BulkActionKind.CANCEL;
            case PENDING, RUNNING -> kind == BulkActionKind.PAUSE || kind == BulkActionKind.CANCEL;
        };
    }

    ExecutionQuery query(Optional<String> before) {
        ExecutionQuery query = query().limit(PAGE);
        return before.isEmpty() ? query : query.before(Call.uuid("before", before.get()));
    }

    ExecutionQuery query() {
        ExecutionQuery query = ExecutionQuery.all();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            query = narrowed(query, field.getKey(), field.getValue());
        }
        return query;
    }

    private static ExecutionQuery narrowed(ExecutionQuery query, String field, String value) {
        return switch (field) {
            case "q" -> sought(query, value);
            case "workflow" -> query.workflow(value);
            case "version" -> query.version(value);
            case "status" -> query.status(labeled(ExecutionStatus.values(), value));
            case "error" -> query.error(value);
            case "task" -> ofTask(query, value);
            case "since" -> query.since(ago(field, value));
            case "until" -> query.until(ago(field, value));
            case "parent" -> query.parent(Call.uuid(field, value));
            case "schedule" -> query.schedule(value);
            default ->
                query.ids(Stream.of(value.split(",", -1))
                        .map(id -> Call.uuid(field, id))
                        .toList());
        };
    }

    private static ExecutionQuery sought(ExecutionQuery query, String text) {
        if (ID.matcher(text).matches()) {
            return query.idBeginning(text);
        }
        if (text.contains("=")) {
            String[] label = text.split("=", 2);
            return query.label(label[0].strip(), label[1].strip());
        }
        return query.idempotencyKey(text);
    }

    private static ExecutionQuery ofTask(ExecutionQuery query, String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return query.task(text, List.of());
        }
        String state = text.substring(colon + 1);
        Optional<TaskStatus> known = known(TaskStatus.values(), state);
        if (known.isEmpty() && !state.isEmpty()) {
            throw refused(
                    states(TaskStatus.values()) + "; if the name of the task has a colon, add one: '" + text + ":'");
        }
        return query.task(text.substring(0, colon), known.stream().toList());
    }

    private static <E extends Labeled> E labeled(E[] all, String label) {
        return known(all, label).orElseThrow(() -> refused(states(all)));
    }

    private static String states(Labeled[] all) {
        return "a state must be one of "
                + Arrays.stream(all).map(Labeled::label).collect(Collectors.joining(", "));
    }

    private static <E extends Labeled> Optional<E> known(E[] all, String label) {
        return Arrays.stream(all)
                .filter(each -> each.label().equalsIgnoreCase(label))
                .findFirst();
    }

    private static Instant ago(String field, String text) {
        return Instant.now()
                .minus(Durations.parseDelay(text)
                        .orElseThrow(() -> refused(field + " must be an age such as 1h, 24h or 7d")));
    }

    private static CloacinaException refused(String message) {
        return new CloacinaException(ErrorCodes.INVALID_QUERY, message);
    }
}
