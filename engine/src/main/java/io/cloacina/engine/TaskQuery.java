package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.type.InvalidValueException;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Selects tasks of an execution, and how many are read at once. Immutable: each method returns a changed copy. */
public final class TaskQuery {
    private static final int USUAL = 100;
    private static final int MAX_LIMIT = 10_000;
    private static final String INVALID_QUERY = ErrorCodes.INVALID_QUERY;

    /** An attempt number that no task reaches: a page after it begins with the next task. */
    static final int LAST_ATTEMPT = 999_999_999;

    private static final Pattern CURSOR =
            Pattern.compile("(?:([0-9TZ:.-]{27})_)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:_([0-9]{1,9}))?");

    /** Where a page begins: after that task, after the attempt of it, or after the task that began at that time. */
    record Position(UniversalTimestamp at, UniversalUuid task, int attempt) {
        static final Position FIRST = new Position(UniversalTimestamp.MIN, UniversalUuid.NIL, 0);
    }

    private final UniversalUuid execution;
    private final List<TaskStatus> states;
    private final @Nullable String name;
    private final Position after;
    private final int limit;

    private TaskQuery(
            UniversalUuid execution, List<TaskStatus> states, @Nullable String name, Position after, int limit) {
        this.execution = execution;
        this.states = states;
        this.name = name;
        this.after = after;
        this.limit = limit;
    }

    /** The first 100 tasks of an execution. */
    public static TaskQuery of(UUID execution) {
        return new TaskQuery(Engine.id(execution), List.of(), null, Position.FIRST, USUAL);
    }

    /** Only tasks in one of these states; in any state if the list is empty. */
    public TaskQuery statuses(List<TaskStatus> any) {
        List<TaskStatus> checked = Arguments.all("the states of the tasks", any);
        return new TaskQuery(execution, checked.stream().distinct().toList(), name, after, limit);
    }

    /** Only the task with that name. */
    public TaskQuery name(String task) {
        return new TaskQuery(execution, states, Arguments.key(INVALID_QUERY, "the name of a task", task), after, limit);
    }

    /**
     * Only what follows a page.
     *
     * @param next the {@code next} of that page, which the same method returned
     * @throws CloacinaException with the code {@code INVALID_QUERY} for any other text
     */
    public TaskQuery after(String next) {
        return new TaskQuery(execution, states, name, position(Arguments.given("where the page begins", next)), limit);
    }

    /** Sets the maximum number, from 1 to 10,000. Default: 100. */
    public TaskQuery limit(int atMost) {
        return new TaskQuery(
                execution,
                states,
                name,
                after,
                Arguments.number(ErrorCodes.INVALID_LIMIT, "a limit must be", atMost, 1, MAX_LIMIT));
    }

    UniversalUuid execution() {
        return execution;
    }

    /** The states that are selected: at least one. */
    List<TaskStatus> states() {
        return states.isEmpty() ? List.of(TaskStatus.values()) : states;
    }

    Optional<String> name() {
        return Optional.ofNullable(name);
    }

    Position after() {
        return after;
    }

    int limit() {
        return limit;
    }

    private static Position position(String text) {
        Matcher parts = CURSOR.matcher(text);
        if (parts.matches()) {
            try {
                String at = parts.group(1);
                String attempt = parts.group(3);
                return new Position(
                        at == null ? UniversalTimestamp.MIN : UniversalTimestamp.parse(at),
                        UniversalUuid.parse(parts.group(2)),
                        attempt == null ? 0 : Integer.parseInt(attempt));
            } catch (InvalidValueException e) {
                // refused below
            }
        }
        throw new CloacinaException(
                INVALID_QUERY,
                Arguments.shown(text) + " is not the start of a page of tasks: pass the next of the previous page");
    }
}
