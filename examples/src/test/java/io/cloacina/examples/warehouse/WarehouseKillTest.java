package io.cloacina.examples.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.examples.warehouse.KilledWarehouse.Point;
import io.cloacina.schema.database.Database;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** A process may die at any moment: an order is never there without its workflow, and its goods are taken once. */
@Timeout(120)
class WarehouseKillTest {
    /** The tasks of the workflow, in one version whatever the class: the process that dies and the one that goes on share it. */
    static WorkflowDefinition workflow(Fulfilment tasks) {
        return WorkflowDefinition.named("fulfil-order")
                .version("1")
                .task(
                        "book",
                        context -> context.output(tasks.book(context.get("order", String.class), context)),
                        task -> task.transactional())
                .build();
    }

    private static void kill(TestDatabase test, Point point) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWarehouse.class.getName(),
                        test.url(),
                        point.name())
                .inheritIO()
                .start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(KilledWarehouse.EXIT_CODE);
    }

    @DatabaseTest
    void an_order_and_its_workflow_are_both_gone_when_the_process_dies_before_the_commit(TestDatabase test)
            throws Exception {
        try (Database database = Warehouse.open(test.url())) {
            kill(test, Point.PLACING);

            try (Engine engine = Engine.builder(database)
                    .workflow(workflow(new Fulfilment()))
                    .start()) {
                assertThat(database.list(WarehouseStatements.OPEN)).isEmpty();
                assertThat(engine.list(
                                ExecutionQuery.all().workflow("fulfil-order").unfinished()))
                        .isEmpty();
            }
        }
    }

    @DatabaseTest
    void goods_are_taken_once_when_the_process_dies_before_the_task_is_completed(TestDatabase test) throws Exception {
        try (Database database = Warehouse.open(test.url())) {
            try (Engine engine = Engine.builder(database)
                    .workflow(workflow(new Fulfilment()))
                    .start()) {
                Warehouse.on(database, engine).receive("chair", 10);
            }
            kill(test, Point.BOOKING);

            assertThat(database.list(WarehouseStatements.OPEN)).containsExactly("A-1");
            assertThat(onHand(database)).isEqualTo(10);
            try (Engine engine = Engine.builder(database)
                    .workflow(workflow(new Fulfilment()))
                    .start()) {
                for (Execution left : engine.list(
                        ExecutionQuery.all().workflow("fulfil-order").unfinished())) {
                    assertThat(engine.await(left.id()).status()).isEqualTo(ExecutionStatus.COMPLETED);
                }
                assertThat(onHand(database)).isEqualTo(6);

                UUID next = Warehouse.on(database, engine).place("A-2", new TreeMap<>(Map.of("chair", 6)));
                assertThat(engine.await(next).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(database.list(WarehouseStatements.OPEN)).isEmpty();
            assertThat(onHand(database)).isZero();
            assertThat(database.list(WarehouseStatements.WRONG_STOCK)).isEmpty();
        }
    }

    private static int onHand(Database database) {
        return database.find(WarehouseStatements.PRODUCT, "chair").orElseThrow().onHand();
    }
}
