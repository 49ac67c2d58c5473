package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static io.cloacina.testing.conformance.Store.ADD;
import static io.cloacina.testing.conformance.Store.BOOK;
import static io.cloacina.testing.conformance.Store.BOOKED;
import static io.cloacina.testing.conformance.Store.BOOKED_BY;
import static io.cloacina.testing.conformance.Store.MIGRATIONS;
import static io.cloacina.testing.conformance.Store.ON_HAND;
import static io.cloacina.testing.conformance.Store.SCHEMA;
import static io.cloacina.testing.conformance.Store.STATEMENTS;
import static io.cloacina.testing.conformance.Store.TAKE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.catalog.SchemaCheck;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.StatementException;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalUuid;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import io.cloacina.testing.conformance.Store.Booking;
import io.cloacina.testing.conformance.Store.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application with tables of its own beside those of the engine: in transactional tasks, and beside a submission. */
@Timeout(120)
class OwnTablesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** The database of an application that has ten chairs. */
    private static Database store(String url) {
        Database database = Database.open(url, SCHEMA, STATEMENTS);
        Migrator.migrate(database, MIGRATIONS);
        database.write(t -> t.run(ADD, new Item("chair", 10)));
        return database;
    }

    private static WorkflowDefinition sale(TaskBody body) {
        return WorkflowDefinition.named("sale")
                .version("1")
                .task("book", body, task -> task.transactional().retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .build();
    }

    private static void take(WriteTransaction transaction, Booking booking) {
        if (transaction.run(TAKE, booking) == 0) {
            throw new IllegalStateException("not enough of " + booking.item());
        }
        transaction.run(BOOK, booking);
    }

    private static void takeTwo(TaskContext context) {
        take(
                WriteTransaction.of(context.connection()),
                new Booking(UniversalUuid.of(context.executionId()), "chair", 2));
    }

    @DatabaseTest
    void typed_statements_of_a_task_are_committed_with_its_completion(TestDatabase test) {
        try (Database database = store(test.url());
                TestEngine engine = TestEngine.on(database)
                        .workflow(sale(OwnTablesTest::takeTwo))
                        .start()) {
            UUID id = engine.run("sale").id();

            assertThat(engine, id).isCompleted();
            assertThat(database.find(ON_HAND, "chair")).contains(8);
            assertThat(database.list(BOOKED_BY)).containsExactly("sale 2");
        }
    }

    @DatabaseTest
    void nothing_of_them_stays_when_the_attempt_fails(TestDatabase test) {
        WorkflowDefinition sale = sale(context -> {
            takeTwo(context);
            if (context.attempt() == 1) {
                throw new IllegalStateException("on the way");
            }
        });
        try (Database database = store(test.url());
                TestEngine engine = TestEngine.on(database).workflow(sale).start()) {
            UUID id = engine.run("sale").id();

            assertThat(engine, id).isCompleted().hasTask("book").onAttempt(2);
            assertThat(database.find(ON_HAND, "chair")).contains(8);
            assertThat(database.list(BOOKED)).containsExactly("chair 2");
        }
    }

    @DatabaseTest
    void an_error_of_a_statement_that_the_body_catches_still_fails_the_attempt(TestDatabase test) {
        WorkflowDefinition sale = sale(context -> {
            WriteTransaction transaction = WriteTransaction.of(context.connection());
            try {
                transaction.run(BOOK, Booking.of("table", 1));
            } catch (DatabaseException e) {
                context.put("kind", e.kind().name());
            }
        });
        try (Database database = store(test.url());
                TestEngine engine = TestEngine.on(database).workflow(sale).start()) {
            UUID id = engine.run("sale").id();

            assertThat(engine, id).isFailed().hasTask("book").failed().because("rollback-only");
            assertThat(database.list(BOOKED)).isEmpty();
        }
    }

    @DatabaseTest
    void a_part_of_a_task_that_fails_leaves_nothing_and_the_task_goes_on(TestDatabase test) {
        CompletableFuture<Database> shared = new CompletableFuture<>();
        CompletableFuture<DatabaseException> refused = new CompletableFuture<>();
        WorkflowDefinition sale = sale(context -> {
            takeTwo(context);
            try {
                shared.join().join(context.connection(), part -> {
                    part.run(ADD, new Item("table", 1));
                    return part.run(ADD, new Item("chair", 1));
                });
            } catch (DatabaseException e) {
                refused.complete(e);
            }
        });
        try (Database database = store(test.url());
                TestEngine engine = TestEngine.on(database).workflow(sale).start()) {
            shared.complete(database);
            UUID id = engine.run("sale").id();

            assertThat(engine, id).isCompleted().hasTask("book").onAttempt(1);
            assertThat(refused.join().kind()).isEqualTo(ErrorKind.UNIQUE);
            assertThat(refused.join().constraint()).contains("items_pkey");
            assertThat(database.find(ON_HAND, "chair")).contains(8);
            assertThat(database.find(ON_HAND, "table")).isEmpty();
        }
    }

    @DatabaseTest
    void a_task_of_an_engine_with_its_own_database_joins_with_that_of_the_application(TestDatabase test) {
        CompletableFuture<Database> own = new CompletableFuture<>();
        WorkflowDefinition sale = sale(context -> own.join().join(context.connection(), transaction -> {
            take(transaction, Booking.of("chair", 3));
            return "booked";
        }));
        try (Database database = store(test.url());
                Engine engine = Engine.builder(test.url()).workflow(sale).start()) {
            own.complete(database);
            UUID id = engine.submit("sale", Map.of());

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.tasks(id).get(0).attempt()).isEqualTo(1);
            assertThat(database.find(ON_HAND, "chair")).contains(7);
        }
    }

    @DatabaseTest
    void rows_and_a_submission_are_one_transaction(TestDatabase test) {
        try (Database database = store(test.url());
                TestEngine engine = TestEngine.on(database)
                        .workflow(sale(OwnTablesTest::takeTwo))
                        .start()) {
            UUID id = database.write(transaction -> {
                take(transaction, Booking.of("chair", 1));
                return engine.engine().submit(transaction, Submission.of("sale"));
            });
            assertThatThrownBy(() -> database.write(transaction -> {
                        take(transaction, Booking.of("chair", 5));
                        engine.engine().submit(transaction, Submission.of("sale"));
                        throw new IllegalStateException("changed my mind");
                    }))
                    .hasMessage("changed my mind");

            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine()
                            .list(ExecutionQuery.all().workflow("sale").unfinished()))
                    .isEmpty();
            assertThat(Rows.counts(test)).containsEntry("pipeline_executions", 1);
            assertThat(database.list(BOOKED)).containsExactly("chair 1", "chair 2");
        }
    }

    @DatabaseTest
    void a_submission_that_is_refused_leaves_the_transaction_usable(TestDatabase test) {
        try (Database database = store(test.url());
                TestEngine engine = TestEngine.on(database)
                        .workflow(sale(OwnTablesTest::takeTwo))
                        .start()) {
            database.write(transaction -> {
                assertThatThrownBy(() -> engine.engine().submit(transaction, Submission.of("sail")))
                        .isInstanceOf(CloacinaException.class);
                take(transaction, Booking.of("chair", 4));
                return "kept";
            });
            assertThat(database.find(ON_HAND, "chair")).contains(6);
        }
    }

    @DatabaseTest
    void a_running_engine_starts_at_once_what_a_transaction_has_submitted(TestDatabase test) {
        try (Database database = store(test.url());
                Engine engine = Engine.builder(database)
                        .workflow(sale(OwnTablesTest::takeTwo))
                        .pollInterval(Duration.ofMinutes(10))
                        .start()) {
            UUID id = database.write(transaction -> engine.submit(transaction, Submission.of("sale")));

            assertThat(engine.await(id, LONG))
                    .get()
                    .satisfies(done -> assertThat(done.status()).isEqualTo(ExecutionStatus.COMPLETED));
        }
    }

    @DatabaseTest
    void a_database_of_the_application_beside_that_of_the_engine_submits_too(TestDatabase test) {
        try (Database database = store(test.url());
                Engine engine = Engine.builder(test.url())
                        .workflow(WorkflowDefinition.named("sale")
                                .task("do", context -> {})
                                .build())
                        .start()) {
            UUID id = database.write(transaction -> {
                take(transaction, Booking.of("chair", 1));
                return engine.submit(transaction, Submission.of("sale"));
            });

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(database.list(BOOKED)).containsExactly("chair 1");
        }
    }

    @DatabaseTest
    void a_transaction_of_another_place_is_refused(TestDatabase test) {
        try (TestDatabase other = TestDatabase.create(test.backend());
                Database elsewhere = store(other.url());
                TestEngine engine = TestEngine.on(test.url())
                        .workflow(sale(OwnTablesTest::takeTwo))
                        .start()) {
            assertThatThrownBy(() ->
                            elsewhere.write(transaction -> engine.engine().submit(transaction, Submission.of("sale"))))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("can be joined");
            assertThat(Rows.counts(test)).isEqualTo(Rows.none());
        }
    }

    @DatabaseTest
    void a_task_can_submit_in_the_transaction_of_its_completion(TestDatabase test) {
        CompletableFuture<Engine> own = new CompletableFuture<>();
        WorkflowDefinition sale = sale(context -> {
            takeTwo(context);
            own.join()
                    .submit(
                            WriteTransaction.of(context.connection()),
                            Submission.of("letter").idempotencyKey("a" + context.attempt()));
            if (context.attempt() == 1) {
                throw new IllegalStateException("on the way");
            }
        });
        WorkflowDefinition letter =
                WorkflowDefinition.named("letter").task("write", context -> {}).build();
        try (Database database = store(test.url());
                TestEngine engine =
                        TestEngine.on(database).workflow(sale).workflow(letter).start()) {
            own.complete(engine.engine());
            UUID id = engine.run("sale").id();

            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().list(ExecutionQuery.all().workflow("letter")))
                    .singleElement()
                    .satisfies(one -> assertThat(one.idempotencyKey()).contains("a2"));
        }
    }

    @DatabaseTest
    void what_would_wait_for_the_own_transaction_is_refused_and_does_not_hang(TestDatabase test) {
        try (Database database = store(test.url());
                Engine engine = Engine.builder(database)
                        .workflow(sale(OwnTablesTest::takeTwo))
                        .start()) {
            UUID id = engine.submit("sale", Map.of());
            engine.await(id);
            List<Throwable> refused = database.write(transaction -> List.of(
                    thrown(() -> engine.submit("sale", Map.of())),
                    thrown(() -> engine.signal(id, "paid", null)),
                    thrown(() -> engine.cancel(id)),
                    thrown(() -> engine.await(id)),
                    thrown(() -> database.write(second -> second)),
                    thrown(() -> engine.find(id))));

            assertThat(refused.subList(0, 4))
                    .allSatisfy(each -> assertThat(each)
                            .isInstanceOfSatisfying(
                                    CloacinaException.class,
                                    e -> assertThat(e.code()).isEqualTo("IN_TRANSACTION")));
            assertThat(refused.subList(4, 6))
                    .allSatisfy(each -> assertThat(each)
                            .isInstanceOf(DatabaseException.class)
                            .hasMessageContaining("use that transaction instead of a second one"));
        }
    }

    /** Two writers of one file: each would wait for the other until the busy timeout, and the engine's forever. */
    @Test
    void two_databases_on_one_file_do_not_wait_for_each_other_in_one_thread() {
        CompletableFuture<Database> own = new CompletableFuture<>();
        WorkflowDefinition sale = sale(context -> {
            context.put("refused", thrown(() -> own.join().write(t -> t)).getMessage());
            context.put("read", own.join().find(ON_HAND, "chair").orElseThrow());
        });
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE);
                Database database = store(test.url());
                Engine engine = Engine.builder(test.url()).workflow(sale).start()) {
            own.complete(database);
            UUID id = engine.submit("sale", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("refused", String.class))
                    .contains("open the file once and share the Database");
            assertThat(engine.context(id).get("read", Integer.class)).isEqualTo(10);

            assertThat(database.<Throwable>write(t -> thrown(() -> engine.submit("sale", Map.of()))))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("IN_TRANSACTION"));
        }
    }

    @DatabaseTest
    void transactions_of_the_application_and_tasks_take_turns(TestDatabase test) throws Exception {
        int sales = 20;
        try (Database database = store(test.url());
                Engine engine = Engine.builder(database)
                        .workflow(sale(context ->
                                WriteTransaction.of(context.connection()).run(TAKE, Booking.of("pen", 1))))
                        .start()) {
            database.write(t -> t.run(ADD, new Item("pen", 2 * sales)));
            List<CompletableFuture<List<UUID>>> sellers = new ArrayList<>();
            for (int seller = 0; seller < 4; seller++) {
                sellers.add(CompletableFuture.supplyAsync(() -> {
                    List<UUID> placed = new ArrayList<>();
                    for (int n = 0; n < sales / 4; n++) {
                        placed.add(database.write(transaction -> {
                            transaction.run(TAKE, Booking.of("pen", 1));
                            return engine.submit(transaction, Submission.of("sale"));
                        }));
                    }
                    return placed;
                }));
            }
            for (CompletableFuture<List<UUID>> seller : sellers) {
                for (UUID id : seller.get()) {
                    assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                }
            }
            assertThat(database.find(ON_HAND, "pen")).contains(0);
        }
    }

    @DatabaseTest
    void the_database_stays_open_when_the_engine_is_closed_and_takes_another(TestDatabase test) {
        try (Database database = store(test.url())) {
            Engine first = Engine.builder(database)
                    .workflow(sale(OwnTablesTest::takeTwo))
                    .start();
            first.await(first.submit("sale", Map.of()));
            first.close();

            assertThat(database.find(ON_HAND, "chair")).contains(8);
            assertThatThrownBy(() -> first.submit("sale", Map.of()))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("ENGINE_CLOSED"));
            assertThat(database.<Throwable>write(t -> thrown(() -> first.submit(t, Submission.of("sale")))))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("ENGINE_CLOSED"));
            try (Engine second = Engine.builder(database)
                    .workflow(sale(
                            context -> WriteTransaction.of(context.connection()).run(TAKE, Booking.of("chair", 1))))
                    .start()) {
                second.await(second.submit("sale", Map.of()));
            }
            assertThat(database.find(ON_HAND, "chair")).contains(7);
        }
    }

    @DatabaseTest
    void a_database_is_not_closed_before_its_engine(TestDatabase test) {
        Database database = store(test.url());
        Engine engine = Engine.builder(database)
                .workflow(sale(OwnTablesTest::takeTwo))
                .grace(Duration.ZERO)
                .start();
        assertThatThrownBy(database::close)
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.STATEMENT))
                .hasMessageContaining("cannot be closed while these use it: an engine that runs tasks");
        engine.await(engine.submit("sale", Map.of()));
        engine.close();
        database.close();

        try (Engine again =
                Engine.builder(test.url()).workflow(sale(context -> {})).start()) {
            assertThat(again.await(again.submit("sale", Map.of())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void a_database_in_memory_holds_both() {
        try (Database database = store("sqlite::memory:");
                TestEngine engine = TestEngine.on(database)
                        .workflow(sale(OwnTablesTest::takeTwo))
                        .start()) {
            UUID id = database.write(transaction -> engine.engine().submit(transaction, Submission.of("sale")));
            engine.tick();

            assertThat(engine, id).isCompleted();
            assertThat(database.list(BOOKED_BY)).containsExactly("sale 2");
        }
    }

    @DatabaseTest
    void neither_schema_takes_the_other_for_a_difference(TestDatabase test) {
        try (Database database = store(test.url())) {
            Engine.builder(database).workflow(sale(context -> {})).start().close();

            assertThat(SchemaCheck.differences(database, CloacinaSchema.SCHEMA, CloacinaMigrations.ALL))
                    .isEmpty();
            assertThat(SchemaCheck.differences(database, SCHEMA, MIGRATIONS)).isEmpty();
            assertThat(Migrator.migrate(database, CloacinaMigrations.ALL)).isEmpty();
            assertThat(Migrator.migrate(database, MIGRATIONS)).isEmpty();
        }
    }

    @DatabaseTest
    void statements_of_the_application_do_not_run_on_the_database_of_an_engine(TestDatabase test) {
        try (Database database = store(test.url());
                TestEngine engine = TestEngine.on(test.url())
                        .workflow(sale(OwnTablesTest::takeTwo))
                        .start()) {
            UUID id = engine.run("sale").id();

            assertThat(engine, id).isFailed().hasTask("book").because("is of a catalog that");
            assertThat(database.list(BOOKED)).isEmpty();
        }
    }

    static final class OtherSignals extends Table {
        {
            primaryKey("id", DataType.UUID);
        }

        OtherSignals(Source source) {
            super("signals", source);
        }
    }

    @DatabaseTest
    void a_table_with_the_name_of_one_of_the_engines_is_refused_when_the_engine_starts(TestDatabase test) {
        try (Database database = Database.open(test.url(), Schema.of(OtherSignals::new))) {
            assertThatThrownBy(() -> Engine.builder(database)
                            .workflow(sale(context -> {}))
                            .start())
                    .isInstanceOf(StatementException.class)
                    .hasMessageContaining("table signals is declared twice")
                    .hasMessageContaining("rename yours");
        }
    }

    private static Throwable thrown(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            return e;
        }
        return new AssertionError("nothing was thrown");
    }
}
