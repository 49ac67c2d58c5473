package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.ADD;
import static io.cloacina.schema.database.SampleSchema.COUNTER;
import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_COUNTER;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.schema.database.SampleSchema.Counter;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is written apart waits for none of the connections that others use; and waits for locks have a bound where one is said. */
@Timeout(60)
class ApartTest {
    @DatabaseTest
    void what_is_written_apart_is_written(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);

        assertThat(database.<Integer>writeApart(t -> t.run(INSERT_PARENT, Parent.of("a"))))
                .isEqualTo(1);
        assertThatThrownBy(() -> database.writeApart(t -> t.run(INSERT_PARENT, Parent.of("a"))))
                .satisfies(TransactionTest.is(ErrorKind.UNIQUE));
        database.writeApart(t -> t.run(INSERT_PARENT, Parent.of("b")));

        assertThat(database.list(COUNT_PARENTS)).containsExactly(2L);
    }

    @Test
    void what_is_written_apart_does_not_wait_for_a_pool_that_is_used_up() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1", SCHEMA, STATEMENTS);

            assertIsWrittenWhileOneConnectionIsUsed(database);

            assertThat(database.connections()).hasValue(1);
        }
    }

    @Test
    void of_a_given_pool_the_connection_for_what_is_written_apart_is_kept() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                HikariDataSource pool = DataSourceTest.pool(test, 3)) {
            test.open(SCHEMA, STATEMENTS);
            try (Database database = Database.open(pool, SCHEMA, STATEMENTS)) {
                assertThat(database.connections())
                        .as("without the one that is kept to listen")
                        .hasValue(1);
                database.writeApart(t -> t.run(INSERT_PARENT, Parent.of("first")));
                try (Connection mine = pool.getConnection();
                        Connection also = pool.getConnection()) {
                    assertThat(mine).isNotSameAs(also);
                    database.writeApart(t -> t.run(INSERT_PARENT, Parent.of("second")));
                }
                assertIsWrittenWhileOneConnectionIsUsed(database);
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @DatabaseTest
    void who_does_not_say_how_many_connections_there_are_is_not_believed_to_have_few(TestDatabase test) {
        test.open(SCHEMA, STATEMENTS);
        try (Database database = Database.open(DataSourceTest.plain(test), SCHEMA, STATEMENTS)) {
            assertThat(database.connections()).isEmpty();
        }
    }

    @Test
    void a_connection_for_what_is_written_apart_that_breaks_is_replaced() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                HikariDataSource pool = DataSourceTest.pool(test, 3)) {
            Database own = test.open(SCHEMA, STATEMENTS);
            try (Database given = Database.open(pool, SCHEMA, STATEMENTS)) {
                for (Database database : new Database[] {own, given}) {
                    assertThatThrownBy(() -> database.writeApart(t -> {
                                BrokenConnectionTest.cut(test, t);
                                return t.run(INSERT_PARENT, Parent.of("lost"));
                            }))
                            .satisfies(TransactionTest.is(ErrorKind.CONNECTION));

                    assertThat(database.<Integer>writeApart(
                                    t -> t.run(INSERT_PARENT, Parent.of(database == own ? "own" : "given"))))
                            .isEqualTo(1);
                }
            }
        }
    }

    @Test
    void a_wait_for_a_lock_has_the_bound_that_the_transaction_said_and_the_next_transaction_has_none() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1", SCHEMA, STATEMENTS);
            Database other = test.open(SCHEMA, STATEMENTS);
            database.write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));

            other.write(held -> {
                held.run(ADD, new Counter(1, 1, 1));
                assertThatThrownBy(() -> database.write(t -> {
                            t.waitForLocksAtMost(Duration.ofMillis(10));
                            return t.run(ADD, new Counter(1, 1, 1));
                        }))
                        .satisfies(TransactionTest.is(ErrorKind.BUSY));
                return "held";
            });

            database.write(t -> {
                assertThat(OpeningTest.answer(t, "SHOW lock_timeout")).isEqualTo("0");
                return t.run(ADD, new Counter(1, 1, 1));
            });
            assertThat(database.find(COUNTER, 1)).contains(new Counter(1, 2, 2));
        }
    }

    @DatabaseTest
    void a_bound_of_waits_for_locks_changes_nothing_else(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);

        database.write(t -> {
            t.waitForLocksAtMost(Duration.ZERO);
            return t.run(INSERT_PARENT, Parent.of("a"));
        });

        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    /** In another thread, because one thread has one transaction. */
    private static void assertIsWrittenWhileOneConnectionIsUsed(Database database) {
        String code = "apart";
        database.write(held -> {
            CompletableFuture<Integer> apart = CompletableFuture.supplyAsync(
                    () -> database.writeApart(t -> t.run(INSERT_PARENT, Parent.of(code))));
            assertThat(apart.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(1);
            return code;
        });
    }
}
