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

    /** @param surroundings what a failure shows */
    TaskExecutionAssert(TaskExecution actual, Supplier<String> surroundings) {
        super(actual, TaskExecutionAssert.class);
        this.surroundings = surroundings;
    }

    TaskExecutionAssert ofExecution(ExecutionAssert of) {
        execution = of;
        return this;
    }

    /** It completed. */
    public TaskExecutionAssert completed() {
        return hasStatus(TaskStatus.COMPLETED);
    }

    /** It failed for good. */
    public TaskExecutionAssert failed() {
        return hasStatus(TaskStatus.FAILED);
    }

    /** Its rule did not hold. */
    public TaskExecutionAssert skipped() {
        return hasStatus(TaskStatus.SKIPPED);
    }

    /** Its execution was cancelled before it ended. */
    public TaskExecutionAssert cancelled() {
        return hasStatus(TaskStatus.CANCELLED);
    }

    /** It waits to run: for a free slot, its time, or the end of a pause. */
    public TaskExecutionAssert ready() {
        return hasStatus(TaskStatus.READY);
    }

    /** It runs. */
    public TaskExecutionAssert running() {
        return hasStatus(TaskStatus.RUNNING);
    }

    /** It waits for a time, a signal or its children. */
    public TaskExecutionAssert waiting() {
        return hasStatus(TaskStatus.WAITING);
    }

    /** It waits for its dependencies. */
    public TaskExecutionAssert notStarted() {
        return hasStatus(TaskStatus.NOT_STARTED);
    }

    /** It is in this state. */
    public TaskExecutionAssert hasStatus(TaskStatus expected) {
        if (actual.status() != Arguments.given("the state", expected)) {
            throw failure(
                    "expected task '%s' to be %s, but it is %s:%n%s",
                    actual.name(), expected.label(), actual.status().label(), surroundings.get());
        }
        return this;
    }

    /** That many attempts have started, the last one included; 0 before the first. */
    public TaskExecutionAssert onAttempt(int expected) {
        if (actual.attempt() != expected) {
            throw failure(
                    "expected task '%s' to be on attempt %d, not %d:%n%s",
                    actual.name(), expected, actual.attempt(), surroundings.get());
        }
        return this;
    }

    /** Its last error, or why it was skipped, contains this text. */
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

    /** It waits for that instant. */
    public TaskExecutionAssert dueAt(Instant expected) {
        if (!Objects.equals(actual.dueAt(), expected)) {
            throw failure(
                    "expected task '%s' to be due at %s, not %s:%n%s",
                    actual.name(), expected, actual.dueAt(), surroundings.get());
        }
        return this;
    }

    /**
     * Returns to the assertions about its execution.
     *
     * @throws IllegalStateException if the assertion did not begin at one
     */
    public ExecutionAssert and() {
        if (execution == null) {
            throw new IllegalStateException("the assertion did not begin at an execution");
        }
        return execution;
    }
}
