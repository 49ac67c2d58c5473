package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How to restart an execution that has ended: from which task, and with which input. Immutable; each method returns a
 * changed copy.
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

    /** Restarts the execution with all its tasks and the same input. */
    public static Restart of(UUID execution) {
        return new Restart(Arguments.given("the id of the execution", execution), null, null);
    }

    /**
     * Restarts from this task: it and the tasks after it run again, and the other tasks keep their results.
     *
     * @throws CloacinaException if a task cannot have this name
     */
    public Restart from(String name) {
        return new Restart(execution, Arguments.name(ErrorCodes.INVALID_NAME, "the name of a task", name), input);
    }

    /** Replaces the input by values that can be JSON; they are read when {@code restart} is called. */
    public Restart input(Map<String, ?> values) {
        return new Restart(execution, task, Arguments.given("the input", values));
    }

    /** The id of the execution that is restarted. */
    public UUID executionId() {
        return execution;
    }

    /** The task from which to restart; empty for all tasks. */
    public Optional<String> from() {
        return Optional.ofNullable(task);
    }

    /** The new input; empty for the old one. */
    public Optional<Map<String, ?>> input() {
        return Optional.ofNullable(input);
    }

    /** Whether the other requests the same: of the same execution, with an equal input. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Restart that
                && that.execution.equals(execution)
                && Objects.equals(that.task, task)
                && Objects.equals(that.input, input);
    }

    @Override
    public int hashCode() {
        return Objects.hash(execution, task, input);
    }

    /** For logs: the keys of a new input without their values. */
    @Override
    public String toString() {
        return "Restart[execution=" + execution + (task == null ? "" : ", from=" + task)
                + (input == null ? "" : ", input=" + input.keySet()) + "]";
    }
}
