package io.cloacina.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A class with {@code @Workflow} is changed, compiled again and deployed while one of its executions waits for a signal. */
@Timeout(120)
class AnnotatedDeployTest {
    private static final String RECORD = "record Item(String id, int total) {}";
    private static final String READ = "@Task Item read() { return new Item(\"a\", 7); }";
    private static final String CONFIRM = "@Task(after = \"read\") void confirm(@Signal(\"yes\") boolean yes) {}";
    private static final String SHIP =
            "@Task(after = \"confirm\") String ship(@From Item read) { return \"old \" + read.id(); }";
    private static final String NEW_SHIP = SHIP.replace("old", "new");

    @TempDir
    static Path classes;

    private static WorkflowDefinition first;

    @TempDir
    Path folder;

    private UUID id;

    private static String order(String... members) {
        return Compilation.inPackage("@Workflow class Order { " + String.join("\n", members) + " }");
    }

    /** Each in classes of its own, as after a deployment. */
    private static WorkflowDefinition compiled(String source) {
        try {
            Compilation compilation = Compilation.of(Files.createTempDirectory(classes, "version"), source);
            assertThat(compilation.problems()).isEmpty();
            return DefinitionTest.define(compilation.classes(), "weather.Order");
        } catch (IOException | ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private Engine start(WorkflowDefinition workflow) {
        return Engine.builder("sqlite:" + folder.resolve("orders.db"))
                .workflow(workflow)
                .start();
    }

    private static void until(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    @BeforeAll
    static void compileFirst() {
        first = compiled(order(RECORD, READ, CONFIRM, SHIP));
    }

    @BeforeEach
    void one_waits_for_its_signal() {
        try (Engine engine = start(first)) {
            id = engine.submit("order", Map.of());
            until("confirm waits", () -> engine.tasks(id).get(1).status() == TaskStatus.WAITING);
        }
    }

    private void completesWith(WorkflowDefinition next, String shipped) {
        assertThat(next.version()).isNotEqualTo(first.version());
        try (Engine engine = start(next)) {
            engine.signal(id, "yes", true);

            assertThat(engine.await(id, Duration.ofMinutes(1)).orElseThrow().status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.find(id).orElseThrow().version()).isEqualTo(next.version());
            assertThat(engine.context(id).get("ship", String.class)).isEqualTo(shipped);
            assertThat(engine.tasks(id))
                    .allSatisfy(task -> assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED));
            assertThat(engine.recoveries(id))
                    .singleElement()
                    .satisfies(event -> assertThat(event.type()).isEqualTo(RecoveryType.VERSION_CHANGED));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    another body | new a |
                    a task at the end | new a | @Task(after = "ship") void thank() {}
                    a task beside | new a | @Task void audit(@From Item read) {}
                    """)
    void what_is_compatible_completes_with_the_new_class(String name, String shipped, String added) {
        completesWith(compiled(order(RECORD, READ, CONFIRM, NEW_SHIP, added == null ? "" : added)), shipped);
    }

    @Test
    void a_finished_task_may_be_removed_and_a_record_gets_a_field_that_may_be_absent() {
        String more = "record Item(String id, int total, Optional<String> note) {}";
        String read = READ.replace("7", "7, Optional.empty()");

        completesWith(
                compiled(order(more, read, CONFIRM, SHIP.replace("read.id()", "read.note().isEmpty()"))), "old true");
    }

    /** The old class completes it later. */
    private void staysWith(WorkflowDefinition next, String why) {
        assertThat(next.version()).isNotEqualTo(first.version());
        try (Engine engine = start(next)) {
            engine.signal(id, "yes", true);
            UUID other = engine.submit("order", Map.of());
            engine.signal(other, "yes", true);
            until("it works", () -> engine.tasks(other).get(1).status() == TaskStatus.COMPLETED);

            assertThat(engine.find(id).orElseThrow().version()).isEqualTo(first.version());
            assertThat(engine.find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(engine.recoveries(id)).isEmpty();
            assertThat(engine.why(id).toString()).contains(why);
        }
        try (Engine engine = start(first)) {
            assertThat(engine.await(id, Duration.ofMinutes(1)).orElseThrow().status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("ship", String.class)).isEqualTo("old a");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    a renamed task | @Task(after = "confirm") String send(@From Item read) { return "x"; } | task 'ship' was removed
                    another rule | @Task(after = "confirm", when = @When(allOf = @Condition(completed = "read"))) String ship(@From Item read) { return "x"; } | rule
                    a dependency more | @Task(after = "confirm") String ship(@From Item read, @From String pack) { return pack; } @Task(after = "confirm") String pack() { return "x"; } | depend
                    a task that sleeps first | @Task(after = "confirm") @Sleep("1h") String ship(@From Item read) { return "x"; } | sleep
                    a task that hands its work to a child | @Task(after = "confirm") @Child("other") Map<String, String> ship(@From Item read) { return Map.of(); } | child
                    """)
    void what_is_not_compatible_stays_with_the_old_class(String name, String ship, String why) {
        staysWith(compiled(order(RECORD, READ, CONFIRM, ship)), why);
    }

    @Test
    void a_record_that_has_lost_a_field_is_not_compatible() {
        String less = "record Item(String id) {}";

        staysWith(compiled(order(less, READ.replace(", 7", ""), CONFIRM, NEW_SHIP)), "total");
    }

    @Test
    void a_pinned_class_does_not_continue_what_another_one_began() {
        staysWith(
                compiled(order(RECORD, READ, CONFIRM, NEW_SHIP)
                        .replace("@Workflow class", "@Workflow(inFlight = InFlight.PINNED) class")),
                "its executions stay with the version that they began with");
    }
}
