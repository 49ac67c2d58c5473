package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.sqlite.SQLiteConnection;

/** A connection that breaks fails its transaction and no other. */
class BrokenConnectionTest {
    @DatabaseTest
    void a_connection_that_breaks_in_a_transaction_is_a_connection_error_and_the_next_one_works(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(t -> t.run(INSERT_PARENT, Parent.of("kept")));

        assertThatThrownBy(() -> database.write(t -> {
                    t.run(INSERT_PARENT, Parent.of("lost"));
                    cut(test, t);
                    return t.run(INSERT_PARENT, Parent.of("never"));
                }))
                .satisfies(TransactionTest.is(ErrorKind.CONNECTION))
                .hasMessageContaining("no connection to " + database);

        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
        assertThat(database.<Integer>write(t -> t.run(INSERT_PARENT, Parent.of("next"))))
                .isEqualTo(1);
    }

    @DatabaseTest
    void a_connection_that_breaks_before_the_commit_is_a_connection_error_and_the_next_one_works(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);

        assertThatThrownBy(() -> database.write(t -> {
                    t.run(INSERT_PARENT, Parent.of("lost"));
                    cut(test, t);
                    return "commits";
                }))
                .satisfies(TransactionTest.is(ErrorKind.CONNECTION))
                .hasMessageContaining("whether it was committed is not known");

        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
        assertThat(database.<Integer>write(t -> t.run(INSERT_PARENT, Parent.of("next"))))
                .isEqualTo(1);
    }

    @DatabaseTest
    void a_connection_that_breaks_before_the_rollback_is_not_lent_again(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);

        assertThatThrownBy(() -> database.write(t -> {
                    t.run(INSERT_PARENT, Parent.of("lost"));
                    cut(test, t);
                    throw new IllegalStateException("the caller's own");
                }))
                .hasMessage("the caller's own");

        assertThat(database.<Integer>write(t -> t.run(INSERT_PARENT, Parent.of("next"))))
                .isEqualTo(1);
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    @DatabaseTest
    void a_reader_that_breaks_is_replaced(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);

        assertThatThrownBy(() -> database.read(t -> {
                    t.list(COUNT_PARENTS);
                    cut(test, t);
                    return t.list(COUNT_PARENTS);
                }))
                .satisfies(TransactionTest.is(ErrorKind.CONNECTION));

        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @Test
    void a_pool_of_the_application_does_not_get_a_broken_connection_back() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                HikariDataSource pool = DataSourceTest.pool(test, 1)) {
            test.open(SCHEMA, STATEMENTS);
            try (Database database = Database.open(pool, SCHEMA, STATEMENTS)) {
                assertThatThrownBy(() -> database.write(t -> {
                            cut(test, t);
                            return t.run(INSERT_PARENT, Parent.of("lost"));
                        }))
                        .satisfies(TransactionTest.is(ErrorKind.CONNECTION));

                assertThat(database.<Integer>write(t -> t.run(INSERT_PARENT, Parent.of("next"))))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void a_stopped_server_is_a_connection_error() throws IOException {
        EmbeddedPostgres server =
                EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        try (Database database = Database.open(
                "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres?loginTimeout=2&pool_size=2")) {
            database.read(t -> OpeningTest.answer(t, "SELECT 1"));
            server.close();

            assertThatThrownBy(() -> database.read(t -> OpeningTest.answer(t, "SELECT 1")))
                    .satisfies(TransactionTest.is(ErrorKind.CONNECTION));
            assertThatThrownBy(() -> database.read(t -> OpeningTest.answer(t, "SELECT 1")))
                    .satisfies(TransactionTest.is(ErrorKind.CONNECTION));
        } finally {
            server.close();
        }
    }

    /** Ends the connection from outside on PostgreSQL; on SQLite there is no outside. */
    static void cut(TestDatabase test, ReadTransaction transaction) {
        try {
            Connection own = transaction.connection();
            if (test.backend() == Backend.SQLITE) {
                Connection physical = own.unwrap(SQLiteConnection.class);
                recall(transaction);
                physical.close();
                return;
            }
            int pid = own.unwrap(PGConnection.class).getBackendPID();
            recall(transaction);
            try (Connection other = test.jdbc();
                    Statement statement = other.createStatement()) {
                // Waits for the end of the process, up to the given milliseconds.
                statement.execute("SELECT pg_terminate_backend(" + pid + ", 10000)");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** So that the connection is missed no sooner than when the transaction needs it. */
    private static void recall(ReadTransaction transaction) {
        if (transaction instanceof WriteTransaction writing) {
            writing.recall(Duration.ofSeconds(1));
        }
    }
}
