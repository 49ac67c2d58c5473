package io.cloacina.testing;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions about an execution. A failure shows all its tasks, if they are known. Not thread safe. */
public final class ExecutionAssert extends AbstractAssert<ExecutionAssert, Execution> {
    private final @Nullable List<TaskExecution> tasks;
    private final @Nullable Supplier<Context> context;

    /** {@code context}: reads the context, which may be damaged, only for assertions that are about it. */
    ExecutionAssert(Execution actual, @Nullable List<TaskExecution> tasks, @Nullable Supplier<Context> context) {
        super(actual, ExecutionAssert.class);
        this.tasks = tasks;
        this.context = context;
    }

    /** Verifies that all tasks are finished and none failed. */
    public ExecutionAssert isCompleted() {
        return hasStatus(ExecutionStatus.COMPLETED);
    }

    /** Verifies that the execution failed: all tasks are finished and at least one failed, or it could not be run. */
    public ExecutionAssert isFailed() {
        return hasStatus(ExecutionStatus.FAILED);
    }

    /** Verifies that the execution was cancelled. */
    public ExecutionAssert isCancelled() {
        return hasStatus(ExecutionStatus.CANCELLED);
    }

    /** Verifies that the execution is paused. */
    public ExecutionAssert isPaused() {
        return hasStatus(ExecutionStatus.PAUSED);
    }

    /** Verifies that at least one task has started and at least one is not finished. */
    public ExecutionAssert isRunning() {
        return hasStatus(ExecutionStatus.RUNNING);
    }

    /** Verifies that no task has started. */
    public ExecutionAssert isPending() {
        return hasStatus(ExecutionStatus.PENDING);
    }

    /** Verifies the state of the execution. */
    public ExecutionAssert hasStatus(ExecutionStatus expected) {
        if (actual.status() != Arguments.given("the state", expected)) {
            throw failure("expected the execution to be %s, but it is %s:%n%s", expected.label(), status(), all());
        }
        return this;
    }

    /** Verifies that the error of the execution contains this text. */
    public ExecutionAssert because(String text) {
        Arguments.given("the text", text);
        String error = actual.error();
        if (error == null || !error.contains(text)) {
            throw failure("expected the error of the execution to contain%n  %s%nbut:%n%s", text, all());
        }
        return this;
    }

    /**
     * Verifies that the context has this value under a key: the output of a task is under its name. The value is read
     * as the class of the expected one; a list, a set or a map as one of JSON, without the classes of its elements.
     */
    public ExecutionAssert hasValue(String key, Object expected) {
        Arguments.given("the key", key);
        Class<?> type = typeOf(Arguments.given("the value", expected));
        if (context == null) {
            throw unknown("values");
        }
        Object found;
        try {
            found = context.get().find(key, type).orElse(null);
        } catch (CloacinaException e) {
            throw failure(
                    "expected '%s' to be %s, but it cannot be read:%n%s%n%s", key, expected, e.getMessage(), all());
        }
        if (!expected.equals(found)) {
            throw failure("expected '%s' to be%n  %s%nbut it is%n  %s%n%s", key, expected, found, all());
        }
        return this;
    }

    private static Class<?> typeOf(Object expected) {
        for (Class<?> each : List.of(List.class, Set.class, Map.class)) {
            if (each.isInstance(expected)) {
                return each;
            }
        }
        return expected instanceof Enum<?> constant ? constant.getDeclaringClass() : expected.getClass();
    }

    /** Verifies that there is a task of that name; the returned assertions are about that task. */
    public TaskExecutionAssert hasTask(String name) {
        Arguments.given("the name of a task", name);
        TaskExecution task = known().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> failure("expected a task '%s':%n%s", name, all()));
        return new TaskExecutionAssert(task, this::all).ofExecution(this).as(info.description());
    }

    /** Verifies that the task of that name was skipped; {@link TaskExecutionAssert#because} can check why. */
    public TaskExecutionAssert skipped(String name) {
        return hasTask(name).skipped();
    }

    /** Verifies that all tasks completed. */
    public ExecutionAssert hasOnlyCompletedTasks() {
        if (!known().stream().allMatch(task -> task.status() == TaskStatus.COMPLETED)) {
            throw failure("expected all tasks to be Completed:%n%s", all());
        }
        return this;
    }

    private String status() {
        return actual.status().label();
    }

    private String all() {
        return tasks == null ? Description.of(actual) : Description.of(actual, tasks);
    }

    private List<TaskExecution> known() {
        if (tasks == null) {
            throw unknown("tasks");
        }
        return tasks;
    }

    private static IllegalStateException unknown(String what) {
        return new IllegalStateException(
                "an Execution alone does not have its " + what + ": use assertThat(engine, execution.id())");
    }
}
