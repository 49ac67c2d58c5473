package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

class DataSourceTest {
    @DatabaseTest
    void a_plain_data_source_works_and_stays_open(TestDatabase test) throws SQLException {
        DataSource source = plain(test);
        test.open(SCHEMA, STATEMENTS);

        try (Database database = Database.open(source, SCHEMA, STATEMENTS)) {
            assertThat(database.backend()).isEqualTo(test.backend());
            database.write(t -> t.run(INSERT_PARENT, Parent.of("a")));
            assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
            assertThat(database.<List<Long>>read(t -> t.list(COUNT_PARENTS))).containsExactly(1L);
        }

        assertUsable(source);
    }

    @DatabaseTest
    void a_pool_works_and_gets_its_connections_back_as_they_were(TestDatabase test) throws SQLException {
        test.open(SCHEMA, STATEMENTS);
        try (HikariDataSource pool = pool(test, 6)) {
            try (Database database = Database.open(pool, SCHEMA, STATEMENTS)) {
                database.write(t -> t.run(INSERT_PARENT, Parent.of("a")));
                assertThatThrownBy(() -> database.write(t -> t.run(INSERT_PARENT, Parent.of("a"))))
                        .satisfies(TransactionTest.is(ErrorKind.UNIQUE));
                assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
                database.read(t -> t.list(COUNT_PARENTS));
                if (test.backend() == Backend.POSTGRES) {
                    assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                            .isZero();
                }
            }

            assertThat(pool.isClosed()).isFalse();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            for (int i = 0; i < 6; i++) {
                assertUsable(pool);
            }
        }
    }

    @DatabaseTest
    void a_pool_of_connections_without_autocommit_works_and_gets_them_back_so(TestDatabase test) throws SQLException {
        test.open(SCHEMA, STATEMENTS);
        HikariConfig config = config(test, 6);
        config.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            try (Database database = Database.open(pool, SCHEMA, STATEMENTS)) {
                database.write(t -> t.run(INSERT_PARENT, Parent.of("a")));
                assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
                try (Database other = test.open(SCHEMA, STATEMENTS)) {
                    other.write(t -> t.run(INSERT_PARENT, Parent.of("b")));
                }
                assertThat(database.list(COUNT_PARENTS))
                        .as("no snapshot is kept")
                        .containsExactly(2L);
            }
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
            }
        }
    }

    @DatabaseTest
    void a_data_source_can_be_migrated(TestDatabase test) {
        try (Database database = Database.open(plain(test))) {
            assertThat(Migrator.migrate(database)).isNotEmpty();
            assertThat(Migrator.migrate(database)).isEmpty();
        }
    }

    @Test
    void a_data_source_of_sqlite_in_memory_is_one_database() {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite::memory:");
        try (Database database = Database.open(source)) {
            assertThat(Migrator.migrate(database)).isNotEmpty();
            assertThat(new Migrator(database, CloacinaMigrations.ALL, Clock.systemUTC()).history())
                    .isNotEmpty();
        }
    }

    @Test
    void a_data_source_that_gives_no_connection_says_why() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL("jdbc:postgresql://127.0.0.1:1/app?user=me&password=hunter2");

        assertThatThrownBy(() -> Database.open(source))
                .satisfies(TransactionTest.is(ErrorKind.CONNECTION))
                .hasMessageContaining("the data source gives no connection")
                .satisfies(e -> assertThat(DatabaseUrlTest.trace(e)).doesNotContain("hunter2"));
    }

    static HikariDataSource pool(TestDatabase test, int size) {
        return new HikariDataSource(config(test, size));
    }

    static HikariConfig config(TestDatabase test, int size) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(plain(test));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(10_000);
        return config;
    }

    static DataSource plain(TestDatabase test) {
        if (test.backend() == Backend.SQLITE) {
            SQLiteDataSource source = new SQLiteDataSource();
            source.setUrl("jdbc:" + test.url());
            return source;
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL("jdbc:" + test.url().replace("postgres@", ""));
        source.setUser("postgres");
        return source;
    }

    private static void assertUsable(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(statement.executeUpdate("UPDATE sample_parents SET code = 'changed'"))
                    .isEqualTo(1);
        }
    }
}
