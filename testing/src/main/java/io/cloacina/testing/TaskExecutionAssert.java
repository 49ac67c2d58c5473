package io.cloacina.testing;

import io.cloacina.api.Arguments;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.TaskExecution;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about a task of an execution. Not thread safe. */
public final class TaskExecutionAssert extends AbstractAssert<TaskExecutionAssert, TaskExecution> {
    private final Supplier<String> surroundings;
    private @Nullable ExecutionAssert execution;

    /** @param surroundings the text that a failure shows */
    TaskExecutionAssert(TaskExecution actual, Supplier<String> surroundings) {
        super(actual, TaskExecutionAssert.class);
        this.surroundings = surroundings;
    }

    TaskExecutionAssert ofExecution(ExecutionAssert of) {
        execution = of;
        return this;
    }

    /** Verifies that the task completed. */
    public TaskExecutionAssert completed() {
        return hasStatus(TaskStatus.COMPLETED);
    }

    /** Verifies that the task failed for good. */
    public TaskExecutionAssert failed() {
        return hasStatus(TaskStatus.FAILED);
    }

    /** Verifies that the task was skipped. */
    public TaskExecutionAssert skipped() {
        return hasStatus(TaskStatus.SKIPPED);
    }

    /** Verifies that the task was cancelled with its execution. */
    public TaskExecutionAssert cancelled() {
        return hasStatus(TaskStatus.CANCELLED);
    }

    /** Verifies that the task is ready: it may run once it is due, a slot is free, and the execution is not paused. */
    public TaskExecutionAssert ready() {
        return hasStatus(TaskStatus.READY);
    }

    /** Verifies that the task is running. */
    public TaskExecutionAssert running() {
        return hasStatus(TaskStatus.RUNNING);
    }

    /** Verifies that the task waits for a time, a signal or its children. */
    public TaskExecutionAssert waiting() {
        return hasStatus(TaskStatus.WAITING);
    }

    /** Verifies that the task waits for its dependencies. */
    public TaskExecutionAssert notStarted() {
        return hasStatus(TaskStatus.NOT_STARTED);
    }

    /** Verifies the state of the task. */
    public TaskExecutionAssert hasStatus(TaskStatus expected) {
        if (actual.status() != Arguments.given("the state", expected)) {
            throw failure(
                    "expected task '%s' to be %s, but it is %s:%n%s",
                    actual.name(), expected.label(), actual.status().label(), surroundings.get());
        }
        return this;
    }

    /** Verifies how many attempts have started, the current one included; 0 before the first. */
    public TaskExecutionAssert onAttempt(int expected) {
        if (actual.attempt() != expected) {
            throw failure(
                    "expected task '%s' to be on attempt %d, not %d:%n%s",
                    actual.name(), expected, actual.attempt(), surroundings.get());
        }
        return this;
    }

    /** Verifies that the last error, or the reason why the task was skipped, contains this text. */
    public TaskExecutionAssert because(String text) {
        Arguments.given("the text", text);
        String error = actual.error();
        if (error == null || !error.contains(text)) {
            throw failure(
                    "expected the error of task '%s', or why it was skipped, to contain%n  %s%nbut:%n%s",
                    actual.name(), text, surroundings.get());
        }
        return this;
    }

    /** Verifies that the task is due at that instant. */
    public TaskExecutionAssert dueAt(Instant expected) {
        if (!Objects.equals(actual.dueAt(), expected)) {
            throw failure(
                    "expected task '%s' to be due at %s, not %s:%n%s",
                    actual.name(), expected, actual.dueAt(), surroundings.get());
        }
        return this;
    }

    /**
     * Returns to the assertions about the task's execution.
     *
     * @throws IllegalStateException if the assertions did not start from an execution
     */
    public ExecutionAssert and() {
        if (execution == null) {
            throw new IllegalStateException("the assertion was not created from an execution");
        }
        return execution;
    }
}
