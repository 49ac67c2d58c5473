package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.store.EventStore;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.EventPage;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.OptionalIndexes;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The stream of events misses nothing, and reads no more than it tells. */
@Timeout(180)
class EventStreamTest {
    private static final int MANY = 40_000;
    private static final int TAKEN = 100;

    private static WorkflowDefinition workflow() {
        return WorkflowDefinition.named("w")
                .version("1")
                .task("a", context -> {})
                .task("b", context -> {}, task -> task.after("a"))
                .build();
    }

    private static Engine runner(TestDatabase test) {
        return Engine.builder(test.url()).workflow(workflow()).start();
    }

    /** With a shorter time to settle: all clocks of a test are the same. */
    private static Events events(Engine engine) {
        return new Events(engine::runtime, Duration.ofMillis(200));
    }

    /** As a consumer that stores its place as a text. */
    private static final class Consumer {
        private final Events events;
        private final List<StoredEvent> told = new ArrayList<>();
        private String place = EventCursor.beginning().toString();

        private Consumer(Events events) {
            this.events = events;
        }

        private void read() {
            EventPage page = events.after(EventCursor.parse(place), 7);
            told.addAll(page.events());
            place = page.next().toString();
        }

        private List<UUID> submitted() {
            return told.stream()
                    .filter(StoredEvent.ExecutionSubmitted.class::isInstance)
                    .map(StoredEvent::executionId)
                    .toList();
        }

        private List<UUID> ended() {
            return told.stream()
                    .filter(StoredEvent.ExecutionEnded.class::isInstance)
                    .map(StoredEvent::executionId)
                    .toList();
        }

        private void readUntil(int ended) {
            while (ended().size() < ended) {
                read();
            }
        }
    }

    @DatabaseTest
    void nothing_is_missed_and_nothing_told_twice_while_several_processes_write(TestDatabase test) {
        try (Engine first = runner(test);
                Engine second = runner(test);
                Engine client = Engine.builder(test.url()).client().start()) {
            client.events().enable();
            Set<UUID> submitted = new HashSet<>();
            ConcurrentLinkedQueue<UUID> ids = new ConcurrentLinkedQueue<>();
            List<CompletableFuture<Void>> submitting = IntStream.range(0, 4)
                    .mapToObj(thread -> CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 40; i++) {
                            Engine by = List.of(first, second, client).get((thread + i) % 3);
                            ids.addAll(by.submitAll(List.of(Submission.of("w"), Submission.of("w"))));
                        }
                    }))
                    .toList();
            Consumer consumer = new Consumer(events(client));
            while (!submitting.stream().allMatch(CompletableFuture::isDone)) {
                consumer.read();
            }
            submitting.forEach(CompletableFuture::join);
            submitted.addAll(ids);
            consumer.readUntil(submitted.size());

            assertThat(submitted).hasSize(320);
            assertThat(consumer.submitted()).doesNotHaveDuplicates().hasSameElementsAs(submitted);
            assertThat(consumer.ended()).doesNotHaveDuplicates().hasSameElementsAs(submitted);
            assertThat(consumer.told).hasSize(4 * 320);
            assertThat(consumer.told.stream().map(StoredEvent::cursor).toList()).doesNotHaveDuplicates();
            assertThat(consumer.told.stream().map(StoredEvent::at).toList()).isSorted();
        }
    }

    @DatabaseTest
    void what_a_transaction_of_the_application_commits_late_is_told_in_its_place(TestDatabase test) throws Exception {
        try (Engine engine = runner(test);
                Connection connection = test.jdbc()) {
            engine.events().enable();
            // Without a time to settle: what is open is waited for all the same.
            Consumer consumer = new Consumer(new Events(engine::runtime, Duration.ZERO));
            connection.setAutoCommit(false);
            UUID late = engine.submit(connection, Submission.of("w"));
            UUID other = null;
            CompletableFuture<Void> reading = CompletableFuture.completedFuture(null);
            if (test.backend() == Backend.SQLITE) {
                // It waits, as every writer does.
                reading = CompletableFuture.runAsync(consumer::read);
            } else {
                other = engine.submit(Submission.of("w"));
                engine.await(other);
                // The other one has ended, but nothing after the open transaction is told.
                consumer.read();
                assertThat(consumer.told).isEmpty();
            }
            connection.commit();
            reading.get(60, TimeUnit.SECONDS);
            consumer.readUntil(other == null ? 1 : 2);

            assertThat(consumer.submitted().get(0)).isEqualTo(late);
            assertThat(consumer.submitted()).hasSize(other == null ? 1 : 2).doesNotHaveDuplicates();
        }
    }

    @DatabaseTest
    void an_idle_transaction_that_has_written_nothing_yet_is_waited_for(TestDatabase test) throws Exception {
        if (test.backend() == Backend.SQLITE) {
            return;
        }
        try (Engine engine = runner(test);
                Connection connection = test.jdbc()) {
            engine.events().enable();
            connection.setAutoCommit(false);
            execute(connection, "SELECT 1");
            Consumer consumer = new Consumer(new Events(engine::runtime, Duration.ZERO));
            engine.await(engine.submit(Submission.of("w")));
            consumer.read();
            assertThat(consumer.told).isEmpty();

            UUID late = engine.submit(connection, Submission.of("w"));
            connection.commit();
            consumer.readUntil(2);
            assertThat(consumer.submitted()).hasSize(2).contains(late);
        }
    }

    @Test
    void a_role_that_does_not_see_how_long_another_one_writes_is_told_so() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Connection owner = test.jdbc()) {
            test.migrated().close();
            String role = "reader_" + UUID.randomUUID().toString().substring(0, 8);
            execute(owner, "CREATE ROLE " + role + " LOGIN");
            execute(owner, "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role);
            try (Engine engine = runner(test);
                    Engine reader = Engine.builder(test.url().replace("postgres@", role + "@"))
                            .client()
                            .start()) {
                engine.events().enable();
                engine.await(engine.submit(Submission.of("w")));
                owner.setAutoCommit(false);
                UUID late = engine.submit(owner, Submission.of("w"));
                assertThatThrownBy(() -> reader.events().after(EventCursor.beginning(), 10))
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("EVENTS_UNSEEN"))
                        .hasMessageContaining("pg_read_all_stats");
                owner.commit();
                engine.await(late);
                owner.setAutoCommit(true);
                execute(owner, "GRANT pg_read_all_stats TO " + role);
                owner.setAutoCommit(false);
                engine.submit(owner, Submission.of("w"));
                assertThat(reader.events().after(EventCursor.beginning(), 10).events())
                        .hasSizeLessThanOrEqualTo(8);
                owner.commit();
            } finally {
                owner.setAutoCommit(true);
                execute(owner, "DROP OWNED BY " + role);
                execute(owner, "DROP ROLE " + role);
            }
        }
    }

    @DatabaseTest
    void a_page_reads_as_many_rows_as_it_tells(TestDatabase test) throws SQLException {
        try (Database database = test.migrated(EventStore.STATEMENTS)) {
            StatusPlansTest.fill(test, MANY);
            OptionalIndexes.create(database, CloacinaSchema.SCHEMA);
            EventStore.Span middle = new EventStore.Span(
                    EventCursor.parse("2026-03-08T07:00:00.000000Z_1_01900000-0000-7000-8000-000000004000"),
                    UniversalTimestamp.MAX,
                    TAKEN);
            assertThat(database.list(EventStore.PAGE, middle)).hasSize(TAKEN);
            String plan = Plans.of(test, database, new Plans.Case<>(EventStore.PAGE, middle));

            assertThat(plan).contains("pipeline_executions_created_idx", "pipeline_executions_ended_idx");
            if (test.backend() == Backend.SQLITE) {
                assertThat(plan.lines().filter(line -> line.matches("SCAN (e|t|c)( .*)?")))
                        .as(plan)
                        .isEmpty();
            } else {
                Plans.assertFrugal(test, database, new Plans.Case<>(EventStore.PAGE, middle), 2 * TAKEN);
                assertThat(plan).doesNotContain("Seq Scan");
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
