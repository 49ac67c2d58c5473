package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteDataSource;

/** A physical connection prepares a statement once. */
class StatementCacheTest {
    @Test
    void a_connection_of_sqlite_prepares_a_statement_once_and_anew_when_it_was_replaced() {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            test.open(SCHEMA, STATEMENTS);
            CountingSource source = new CountingSource();
            source.setUrl("jdbc:" + test.url());
            try (Database database = Database.open(source, SCHEMA, STATEMENTS)) {
                insert(database, "a", "b", "c");
                assertThat(source.inserts()).isEqualTo(1);

                assertThatThrownBy(() -> database.write(t -> {
                            BrokenConnectionTest.cut(test, t);
                            return t.run(INSERT_PARENT, Parent.of("lost"));
                        }))
                        .satisfies(TransactionTest.is(ErrorKind.CONNECTION));
                insert(database, "d", "e");
                assertThat(source.inserts()).isEqualTo(2);
            }
        }
    }

    @Test
    void a_connection_of_postgresql_keeps_a_statement_prepared_when_it_goes_back_to_the_pool() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1&prepareThreshold=1", SCHEMA, STATEMENTS);
            for (int i = 0; i < 10; i++) {
                database.list(COUNT_PARENTS);
                database.read(t -> t.list(COUNT_PARENTS));
            }

            assertThat(plans(database)).isEqualTo("20");

            assertThatThrownBy(() -> database.read(t -> {
                        BrokenConnectionTest.cut(test, t);
                        return t.list(COUNT_PARENTS);
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.CONNECTION));
            database.list(COUNT_PARENTS);
            assertThat(plans(database)).isEqualTo("1");
        }
    }

    private static void insert(Database database, String... codes) {
        for (String code : codes) {
            database.write(t -> t.run(INSERT_PARENT, Parent.of(code)));
        }
    }

    /** How often the one prepared statement of that text was planned; the server counts it. */
    private static String plans(Database database) {
        return database.read(t -> OpeningTest.answer(
                t,
                "SELECT string_agg((generic_plans + custom_plans)::text, ' and ') FROM pg_prepared_statements"
                        + " WHERE statement LIKE 'SELECT count(*) FROM sample_parents%'"));
    }

    /** Notes what its connections prepare. */
    private static final class CountingSource extends SQLiteDataSource {
        private final List<String> prepared = new ArrayList<>();

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            return (Connection) Proxy.newProxyInstance(
                    CountingSource.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, given) -> {
                        if (method.getName().equals("prepareStatement")) {
                            prepared.add((String) given[0]);
                        }
                        try {
                            return method.invoke(connection, given);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        long inserts() {
            return prepared.stream().filter(sql -> sql.startsWith("INSERT")).count();
        }
    }
}
