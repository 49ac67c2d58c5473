package io.cloacina.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.examples.warehouse.Warehouse;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the quickstart, the tutorials and the how-tos do what their pages say, on both databases. */
@Timeout(60)
class DocumentedExamplesTest {
    @TempDir
    Path folder;

    @Test
    void the_quickstart_runs_as_it_is_in_a_folder_of_its_own() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Quickstart.class.getName())
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = process.inputReader()) {
            assertThat(lines.lines()).containsExactly("Completed: 11 degrees in Seattle");
        }
        assertThat(process.waitFor()).isZero();
        assertThat(folder.resolve("app.db")).exists();
    }

    @DatabaseTest
    void the_program_of_the_readme_ships_a_lamp_and_refunds_a_unicorn(TestDatabase database) throws Exception {
        assertThat(Printed.by(Purchase::main, database.url()))
                .containsExactly("Completed", "Carl took [box with lamp, box with bulb]", "refunded receipt-2-99900");
    }

    @DatabaseTest
    void a_sign_up_that_is_sent_again_is_not_done_again(TestDatabase database) throws Exception {
        assertThat(Printed.by(SignUp::main, database.url(), "ada@example.org"))
                .containsExactly(
                        "making an account for ada@example.org",
                        "writing a letter",
                        "to ada@example.org: Welcome, ada!",
                        "Completed");
        assertThat(Printed.by(SignUp::main, database.url(), "ada@example.org")).containsExactly("Completed");
    }

    @DatabaseTest
    void an_engine_is_started_and_stopped_by_a_container(TestDatabase database) throws Exception {
        assertThat(Printed.by(Embedded::main, database.url()))
                .containsExactly("Completed", "hello Ada", "running: false");
    }

    @DatabaseTest
    void whoever_submitted_is_known_where_it_runs(TestDatabase database) throws Exception {
        assertThat(Printed.by(Audited::main, database.url()))
                .containsExactly(
                        "nobody is signed in",
                        "Completed",
                        "Sales, for Ada",
                        "Sales, for Grace",
                        "Stock, for schedule weekly");
    }

    @DatabaseTest
    void what_an_engine_does_is_counted(TestDatabase database) throws Exception {
        assertThat(Printed.by(Monitored::main, database.url())).containsExactly("1.0");
    }

    @DatabaseTest
    void what_was_stored_is_followed(TestDatabase database) throws Exception {
        assertThat(Printed.by(Followed::main, database.url())).containsExactly("followed COMPLETED");
    }

    @DatabaseTest
    void a_program_serves_the_api(TestDatabase database) throws Exception {
        assertThat(Printed.by(Served::main, database.url())).containsExactly("201");
    }

    @DatabaseTest
    void a_sensor_is_read_again_where_that_helps(TestDatabase database) throws Exception {
        assertThat(Printed.by(Sensors::main, database.url()))
                .containsExactly(
                        "attic: 21.5 degrees",
                        "read in 3 attempts",
                        "Failed",
                        "read Failed on attempt 1",
                        "report Skipped on attempt 0",
                        "Completed",
                        "cellar: 21.5 degrees");
    }

    @DatabaseTest
    void a_shop_ships_and_refunds(TestDatabase database) throws Exception {
        assertThat(Printed.by(Shop::main, database.url()))
                .containsExactly("Completed", "Failed", "thank you; your parcel is X-1", "refunded order 2");
    }

    @DatabaseTest
    void a_schedule_fires_and_knows_the_clocks_of_berlin(TestDatabase database) throws Exception {
        assertThat(Printed.by(Nightly::main, database.url()))
                .containsExactly(
                        "2026-03-29T01:00:00Z",
                        "2026-03-30T00:30:00Z",
                        "report as pdf for often",
                        "nightly",
                        "nightly-report",
                        "often");
    }

    @DatabaseTest
    void two_engines_share_the_work(TestDatabase database) throws Exception {
        assertThat(Printed.by(Fleet::main, database.url())).containsExactly("40 thumbnails by engines one and two");
    }

    @DatabaseTest
    void an_order_is_submitted_paid_and_read_through_the_typed_client(TestDatabase database) throws Exception {
        assertThat(Printed.by(OrderFulfilment::main, database.url())).containsExactly("lamp", "lamp in red paper");
    }

    @DatabaseTest
    void a_trip_that_is_not_paid_in_time_is_given_back(TestDatabase database) throws Exception {
        List<String> lines = Printed.by(Trip::main, database.url());
        assertThat(lines).startsWith("gave back: flight to Lisbon", "Failed").endsWith("Cancelled");
    }

    @DatabaseTest
    void a_subscription_continues_as_the_next_month(TestDatabase database) throws Exception {
        assertThat(Printed.by(Subscription::main, database.url()))
                .containsExactly("Ada has paid for month 1", "Ada has paid for month 2", "Ada has paid for month 3");
    }

    @DatabaseTest
    void a_transfer_is_booked_once(TestDatabase database) throws Exception {
        assertThat(Printed.by(Transfer::main, database.url()))
                .containsExactly("transferred 250 cents", "ada 750; grace 250; ");
    }

    @DatabaseTest
    void a_page_is_passed_on_by_where_it_is(TestDatabase database) throws Exception {
        assertThat(Printed.by(Scans::main, database.url(), folder.toString()))
                .containsExactly("the page has 1000000 bytes");
    }

    @DatabaseTest
    void what_is_stored_is_encrypted(TestDatabase database) throws Exception {
        Path keys = folder.resolve("keys");
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        Files.writeString(keys, "limits:" + key + "\n2026-11:" + key + "\n");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        assertThat(Printed.by(Secrets::main, database.url(), keys.toString())).containsExactly("Dear Ada");
    }

    @DatabaseTest
    void a_warehouse_keeps_its_stock_in_tables_of_its_own(TestDatabase database) throws Exception {
        assertThat(Printed.by(Warehouse::main, database.url()))
                .containsExactly(
                        "Completed",
                        "Failed",
                        "A-1: 4 x chair",
                        "A-1: 1 x table",
                        "orders: 2",
                        "open orders: []",
                        "wrong stock: []",
                        "differences: []");
    }

    @DatabaseTest
    void an_order_and_its_workflow_are_both_there_or_neither(TestDatabase database) throws SQLException {
        try (Engine engine = Engine.builder(database.url())
                        .workflow(new Orders.Fulfilment())
                        .start();
                Connection connection = database.connect()) {
            Orders.makeTable(connection);

            UUID id = Orders.place(engine, connection, 1);
            assertThatThrownBy(() -> Orders.place(engine, connection, 1)).isInstanceOf(SQLException.class);

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("pack", String.class)).isEqualTo("packed order 1");
            assertThat(engine.list(ExecutionQuery.all().workflow("fulfil").unfinished()))
                    .isEmpty();
            List<UUID> both = Orders.twice(engine, 2);
            assertThat(both.get(0)).isEqualTo(both.get(1));
            UUID labelled = Orders.labelled(engine, 3);
            engine.await(labelled);
            assertThat(engine.list(ExecutionQuery.all().label("region", "north")))
                    .extracting(Execution::id)
                    .containsExactly(labelled);
            assertThat(Orders.failedLately(engine).executions()).isEmpty();
            Orders.retryAll(engine);
            assertThat(engine.operations().list(1)).isEmpty();
        }
    }

    @DatabaseTest
    void the_class_of_the_annotations_page_runs(TestDatabase database) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE rain (city VARCHAR(20), millimetres BIGINT)");
        }
        Path csv = Files.writeString(folder.resolve("rain.csv"), "0.4\n2.6\n");
        try (Engine engine =
                Engine.builder(database.url()).workflow(new SeattleWeather()).start()) {
            UUID id = engine.submit("seattle-weather", Map.of("csv", csv.toString(), "city", "Seattle"));
            engine.signal(id, "approval", "fine");
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("approve", String.class)).isEqualTo("fine");
        }
    }

    @DatabaseTest
    void an_engine_starts_with_every_setting_of_the_tuning_page(TestDatabase database) {
        WorkflowDefinition nothing = WorkflowDefinition.named("nothing")
                .task("nothing", context -> {})
                .build();
        try (Engine engine = Kept.start(database.url(), nothing, Clock.systemUTC())) {
            assertThat(engine.await(engine.submit("nothing", Map.of())).status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
        try (Engine engine = Kept.startArchive(database.url(), nothing)) {
            assertThat(engine.list(ExecutionQuery.all().workflow("nothing").unfinished()))
                    .isEmpty();
        }
    }
}
