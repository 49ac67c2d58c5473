package io.cloacina.testing;

import io.cloacina.api.Arguments;
import io.cloacina.engine.WorkflowClient;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import java.util.List;
import java.util.UUID;

/**
 * Entry points of AssertJ assertions about executions and their tasks.
 *
 * <pre>{@code
 * assertThat(engine, id).isCompleted().hasValue("charge", 42);
 * assertThat(engine, id).isFailed().hasTask("charge").failed().onAttempt(3).because("card refused");
 * assertThat(engine, id).skipped("ship").because("'charge' is Failed");
 * }</pre>
 *
 * <p>Import {@code assertThat} statically, beside AssertJ's own.
 */
public final class CloacinaAssertions {
    private CloacinaAssertions() {}

    /** Assertions about an execution as it was read, without its tasks. */
    public static ExecutionAssert assertThat(Execution actual) {
        return new ExecutionAssert(Arguments.given("the execution", actual), null, null);
    }

    /** Assertions about a task as it was read. */
    public static TaskExecutionAssert assertThat(TaskExecution actual) {
        TaskExecution known = Arguments.given("the task", actual);
        return new TaskExecutionAssert(known, () -> Description.of(known));
    }

    /**
     * Assertions about an execution and its tasks, as they are now in the database.
     *
     * @throws AssertionError if there is no such execution
     */
    public static ExecutionAssert assertThat(WorkflowClient engine, UUID execution) {
        Execution found = Arguments.given("the engine", engine)
                .find(execution)
                .orElseThrow(() -> new AssertionError(
                        "there is no execution " + execution + "; was it never stored, or removed by retention?"));
        return new ExecutionAssert(found, List.copyOf(engine.tasks(execution)), () -> engine.context(execution));
    }

    /**
     * Assertions about an execution and its tasks, as they are now in the database.
     *
     * @throws AssertionError if there is no such execution
     */
    public static ExecutionAssert assertThat(TestEngine engine, UUID execution) {
        return assertThat(Arguments.given("the engine", engine).engine(), execution);
    }
}
