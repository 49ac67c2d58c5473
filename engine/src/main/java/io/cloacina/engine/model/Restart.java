package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a restart begins with: an execution that has ended, one of its tasks, and the input. Immutable; each method
 * returns a changed copy.
 *
 * <pre>{@code
 * engine.restart(Restart.of(id).from("ship").input(Map.of("address", "Main Street 1")));
 * }</pre>
 */
public final class Restart {
    private final UUID execution;
    private final @Nullable String task;
    private final @Nullable Map<String, ?> input;

    private Restart(UUID execution, @Nullable String task, @Nullable Map<String, ?> input) {
        this.execution = execution;
        this.task = task;
        this.input = input;
    }

    /** All tasks of an execution anew, with the same input. */
    public static Restart of(UUID execution) {
        return new Restart(Arguments.given("the id of the execution", execution), null, null);
    }

    /**
     * Begins with a task: all that it and the tasks after it would do is done anew, and the others keep what they
     * wrote.
     *
     * @throws CloacinaException if this cannot be the name of a task
     */
    public Restart from(String name) {
        return new Restart(execution, Arguments.name("INVALID_NAME", "the name of a task", name), input);
    }

    /** With another input: values that can be JSON; they are read when it is restarted. */
    public Restart input(Map<String, ?> values) {
        return new Restart(execution, task, Arguments.given("the input", values));
    }

    /** The id of the execution that is restarted. */
    public UUID execution() {
        return execution;
    }

    /** The task that it begins with; empty for all tasks. */
    public Optional<String> from() {
        return Optional.ofNullable(task);
    }

    /** The other input; empty for the same. */
    public Optional<Map<String, ?>> input() {
        return Optional.ofNullable(input);
    }
}
