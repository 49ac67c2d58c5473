package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.ADD;
import static io.cloacina.schema.database.SampleSchema.COUNTER;
import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_COUNTER;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.schema.database.SampleSchema.Counter;
import io.cloacina.schema.testsupport.PgBouncer;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** A real PgBouncer in front of the server. */
@Timeout(60)
class PoolerTest {
    /** More often than it takes until the driver prepares a statement on the server. */
    private static final int OFTEN = 8;

    private static final String PREPARED =
            "SELECT string_agg(name || ': ' || statement, ', ') FROM pg_prepared_statements"
                    + " WHERE statement NOT LIKE '%pg_prepared_statements%'";

    private final TestDatabase test = TestDatabase.create(Backend.POSTGRES);

    @BeforeEach
    void make_the_tables() {
        test.open(SCHEMA, STATEMENTS).write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));
    }

    @AfterEach
    void remove_the_database() {
        test.close();
    }

    private static void useEachStatement(Database database) {
        for (int i = 0; i < OFTEN; i++) {
            database.write(t -> t.run(ADD, new Counter(1, 1, 1)));
            database.list(COUNT_PARENTS);
            database.read(t -> t.list(COUNT_PARENTS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?prepareThreshold=0"})
    void nothing_is_prepared_on_a_server_whose_connections_are_shared(String settings) {
        // One connection of the server for all: the names of two of this process would meet.
        try (PgBouncer pooler = PgBouncer.start(test, "transaction", "default_pool_size = 1");
                Database one = Database.open(pooler.url() + settings, SCHEMA, STATEMENTS);
                Database other = Database.open(pooler.url() + settings, SCHEMA, STATEMENTS)) {
            useEachStatement(one);
            useEachStatement(other);
            useEachStatement(one);

            assertThat(one.find(COUNTER, 1)).contains(new Counter(1, 3 * OFTEN, 3 * OFTEN));
            one.write(t -> assertThat(OpeningTest.answer(t, PREPARED)).isEqualTo("null"));
        }
    }

    @Test
    void a_url_that_has_statements_prepared_all_the_same_is_corrected_by_the_first_error() {
        try (PgBouncer pooler = PgBouncer.start(test, "transaction", "default_pool_size = 1");
                Database one = Database.open(pooler.url() + "?prepareThreshold=2&pool_size=1", SCHEMA, STATEMENTS);
                Database other = Database.open(pooler.url() + "?prepareThreshold=2&pool_size=1", SCHEMA, STATEMENTS)) {
            one.write(t -> t.run(ADD, new Counter(1, 1, 1)));

            assertThatThrownBy(() -> other.write(t -> t.run(ADD, new Counter(1, 1, 1))))
                    .satisfies(TransactionTest.is(ErrorKind.CONNECTION))
                    .hasMessageContaining("a pooler between this process and " + other)
                    .hasMessageContaining("write prepareThreshold=0 in the URL")
                    .hasMessageNotContaining("schema");
            useEachStatement(other);

            assertThat(other.find(COUNTER, 1)).contains(new Counter(1, 1 + OFTEN, 1 + OFTEN));
        }
    }

    @Test
    void idle_connections_with_statements_on_the_server_are_replaced_after_the_first_error() throws Exception {
        try (PgBouncer pooler = PgBouncer.start(test, "transaction", "default_pool_size = 2");
                Database database =
                        Database.open(pooler.url() + "?prepareThreshold=2&pool_size=2", SCHEMA, STATEMENTS)) {
            withTwoConnections(database);
            forgetAllStatements(pooler);
            assertThatThrownBy(() -> withTwoConnections(database)).hasMessageContaining("prepareThreshold=0");
            forgetAllStatements(pooler);

            withTwoConnections(database);
            useEachStatement(database);
        }
    }

    /** What another client may do, on both connections of the server. */
    private static void forgetAllStatements(PgBouncer pooler) throws SQLException {
        try (Connection one = DriverManager.getConnection(pooler.jdbcUrl() + "&prepareThreshold=0");
                Connection other = DriverManager.getConnection(pooler.jdbcUrl() + "&prepareThreshold=0")) {
            for (Connection connection : List.of(one, other)) {
                connection.setAutoCommit(false);
                connection.createStatement().execute("DEALLOCATE ALL");
            }
            one.commit();
            other.commit();
        }
    }

    /** A transaction in another one, of another thread: each has a connection of its own. */
    private static void withTwoConnections(Database database) {
        database.write(outer -> {
            outer.run(ADD, new Counter(1, 0, 0));
            CompletableFuture<Void> inner = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    database.read(t -> t.list(COUNT_PARENTS));
                    inner.complete(null);
                } catch (RuntimeException e) {
                    inner.completeExceptionally(e);
                }
            });
            thread.start();
            return inner.join();
        });
    }

    @Test
    void connections_of_the_application_are_used_without_statements_on_the_server_and_given_back_as_they_were()
            throws SQLException {
        for (boolean autoCommit : List.of(true, false)) {
            HikariConfig config = new HikariConfig();
            config.setMaximumPoolSize(2);
            config.setAutoCommit(autoCommit);
            try (PgBouncer pooler = PgBouncer.start(test, "transaction", "default_pool_size = 1")) {
                config.setJdbcUrl(pooler.jdbcUrl());
                try (HikariDataSource pool = new HikariDataSource(config);
                        Database database = Database.open(pool, SCHEMA, STATEMENTS)) {
                    useEachStatement(database);
                    database.write(
                            t -> assertThat(OpeningTest.answer(t, PREPARED)).isEqualTo("null"));

                    for (int i = 0; i < 2; i++) {
                        try (Connection connection = pool.getConnection()) {
                            assertThat(connection.unwrap(PGConnection.class).getPrepareThreshold())
                                    .isEqualTo(5);
                            assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                        }
                    }
                }
            }
        }
    }

    @Test
    void without_a_pooler_statements_are_prepared_on_the_server() {
        try (Database database = Database.open(test.url() + "?pool_size=1", SCHEMA, STATEMENTS)) {
            useEachStatement(database);

            database.write(t -> assertThat(OpeningTest.answer(t, PREPARED)).contains("sample_counters"));
        }
    }

    @Test
    void a_pooler_that_allows_no_transactions_is_refused_by_name() {
        try (PgBouncer pooler = PgBouncer.start(test, "statement")) {
            assertThatThrownBy(() -> Database.open(pooler.url(), SCHEMA, STATEMENTS))
                    .satisfies(TransactionTest.is(ErrorKind.CONNECTION))
                    .hasMessageContaining("allows no transactions: set its pool_mode to transaction or session");
        }
    }

    @Test
    void a_schema_that_a_pooler_does_not_pass_on_is_refused_and_not_forgotten() {
        try (PgBouncer refuses = PgBouncer.start(test, "transaction");
                PgBouncer forgets = PgBouncer.start(test, "transaction", "ignore_startup_parameters = search_path")) {
            assertThatThrownBy(() -> Database.open(refuses.url() + "?currentSchema=own", SCHEMA, STATEMENTS))
                    .satisfies(TransactionTest.is(ErrorKind.CONNECTION))
                    .hasMessageContaining("does not accept this setting of a connection")
                    .hasMessageContaining("search_path");
            assertThatThrownBy(() -> Database.open(forgets.url() + "?currentSchema=own", SCHEMA, STATEMENTS))
                    .satisfies(TransactionTest.is(ErrorKind.URL))
                    .hasMessageContaining("does not pass currentSchema=own on")
                    .hasMessageContaining("ALTER ROLE");
        }
    }

    @Test
    void notifications_arrive_through_a_pooler_of_sessions_and_nobody_listens_through_one_of_transactions()
            throws SQLException {
        try (PgBouncer sessions = PgBouncer.start(test, "session");
                PgBouncer transactions = PgBouncer.start(test, "transaction", "default_pool_size = 1");
                Subscription.ListeningConnection listening =
                        listener(sessions.url()).open();
                Subscription.ListeningConnection refused =
                        listener(transactions.url()).open();
                Database database = Database.open(transactions.url(), SCHEMA, STATEMENTS)) {
            assertThat(listening).isNotNull();
            assertThat(refused).isNull();
            database.write(t -> assertThat(OpeningTest.answer(t, "SELECT count(*) FROM pg_listening_channels()"))
                    .isEqualTo("0"));
        }
    }

    private static PostgresListener listener(String url) {
        return new PostgresListener(new PostgresSource((DatabaseUrl.Postgres) DatabaseUrl.parse(url)), false);
    }
}
