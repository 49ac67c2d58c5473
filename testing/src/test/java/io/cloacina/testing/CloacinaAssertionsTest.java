package io.cloacina.testing;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.type.Backend;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CloacinaAssertionsTest {
    private final TestDatabase database = TestDatabase.create(Backend.SQLITE);
    private final TestEngine engine = TestEngine.on(database.url())
            .workflow(WorkflowDefinition.named("order")
                    .version("7")
                    .task("charge", context -> {
                        throw new IllegalStateException("card refused");
                    })
                    .task("ship", context -> {}, task -> task.after("charge"))
                    .task("log", context -> {
                        context.output(Level.HIGH);
                        context.put("lines", List.of(1, 2));
                        context.put("place", new Place("attic", 3));
                    })
                    .build())
            .start();
    private UUID id = new UUID(0, 0);

    @BeforeEach
    void runIt() {
        id = engine.run("order").id();
    }

    @AfterEach
    void close() {
        engine.close();
        database.close();
    }

    private enum Level {
        HIGH,
        LOW
    }

    private record Place(String name, int floor) {}

    @Test
    void values_are_compared_as_the_class_of_the_expected_one() {
        assertThat(engine, id)
                .hasValue("log", Level.HIGH)
                .hasValue("log", "HIGH")
                .hasValue("lines", List.of(1, 2))
                .hasValue("place", new Place("attic", 3))
                .hasValue("place", Map.of("name", "attic", "floor", 3));
        assertFails(() -> assertThat(engine, id).hasValue("log", Level.LOW))
                .hasMessageContaining("expected 'log' to be")
                .hasMessageContaining("LOW")
                .hasMessageContaining("HIGH")
                .hasMessageContaining("charge: Failed, attempt 1");
        assertFails(() -> assertThat(engine, id).hasValue("none", 1)).hasMessageContaining("null");
        assertFails(() -> assertThat(engine, id).hasValue("lines", 1)).hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> assertThat(engine.execution(id)).hasValue("log", "HIGH"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not have its values");
    }

    @Test
    void what_is_so_passes() {
        assertThat(engine, id)
                .isFailed()
                .because("charge")
                .hasTask("charge")
                .failed()
                .onAttempt(1)
                .because("card refused")
                .and()
                .skipped("ship")
                .because("'charge' is Failed")
                .onAttempt(0)
                .and()
                .hasTask("log")
                .completed();
        assertThat(engine.engine(), id).isFailed();
        assertThat(engine.execution(id)).isFailed().because("charge");
        assertThat(engine.task(id, "log")).completed();
    }

    @Test
    void what_is_not_so_shows_every_task_with_its_error() {
        assertFails(() -> assertThat(engine, id).isCompleted())
                .hasMessageContaining("expected the execution to be Completed, but it is Failed")
                .hasMessageContaining("execution " + id + " of order@7 is Failed")
                .hasMessageContaining("charge: Failed, attempt 1")
                .hasMessageContaining("java.lang.IllegalStateException: card refused")
                .hasMessageContaining("ship: Skipped, attempt 0")
                .hasMessageContaining("skipped: its dependency 'charge' is Failed")
                .hasMessageContaining("log: Completed, attempt 1");
        assertFails(() -> assertThat(engine, id).hasTask("log").failed())
                .hasMessageContaining("expected task 'log' to be Failed, but it is Completed")
                .hasMessageContaining("charge: Failed, attempt 1");
        assertFails(() -> assertThat(engine, id).hasTask("charge").onAttempt(2))
                .hasMessageContaining("expected task 'charge' to be on attempt 2, not 1")
                .hasMessageContaining("log: Completed");
        assertFails(() -> assertThat(engine, id).skipped("ship").because("rain"))
                .hasMessageContaining("rain")
                .hasMessageContaining("its dependency 'charge' is Failed");
        assertFails(() -> assertThat(engine, id).hasTask("log").because("x")).hasMessageContaining("log: Completed");
        assertFails(() -> assertThat(engine, id).skipped("log")).hasMessageContaining("to be Skipped");
        assertFails(() -> assertThat(engine, id).because("rain")).hasMessageContaining("failed tasks: charge");
        assertFails(() -> assertThat(engine, id).hasOnlyCompletedTasks()).hasMessageContaining("charge: Failed");
        assertFails(() -> assertThat(engine, id).hasTask("log").dueAt(Instant.EPOCH))
                .hasMessageContaining("1970-01-01T00:00:00Z, not null");
    }

    @Test
    void a_task_that_is_not_there_is_an_error_that_shows_those_that_are() {
        assertFails(() -> assertThat(engine, id).hasTask("chrage"))
                .hasMessageContaining("expected a task 'chrage'")
                .hasMessageContaining("charge: Failed");
    }

    @Test
    void an_execution_that_is_not_there_is_an_error() {
        UUID never = UUID.randomUUID();

        assertFails(() -> assertThat(engine, never)).hasMessageContaining("no execution " + never);
    }

    @Test
    void the_states_of_an_unfinished_execution_can_be_told_apart() {
        UUID second = engine.submit("order");
        assertThat(engine, second).isPending().hasTask("log").ready();
        assertThat(engine, second).hasTask("ship").notStarted();

        engine.engine().pause(second, "lunch");
        assertThat(engine, second).isPaused();
        assertFails(() -> assertThat(engine, second).isRunning()).hasMessageContaining("is Paused (lunch)");

        engine.engine().cancel(second);
        assertThat(engine, second).isCancelled().hasTask("log").cancelled();
        assertFails(() -> assertThat(engine, second).isPaused()).hasMessageContaining("but it is Cancelled");
    }

    @Test
    void of_the_tasks_of_an_execution_alone_nothing_can_be_said() {
        Execution alone = engine.execution(id);

        assertThatThrownBy(() -> assertThat(alone).hasTask("log"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("assertThat(engine, execution.id())");
        assertThatThrownBy(() -> assertThat(engine.task(id, "log")).and()).isInstanceOf(IllegalStateException.class);
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertFails(
            ThrowingCallable assertion) {
        return assertThatThrownBy(assertion).isInstanceOf(AssertionError.class);
    }
}
