package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Against a role that the server asks for its password. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PasswordTest {
    private static final String ROLE = "asked_for_password";
    private static final String PASSWORD = "hunter2 p@:/?#%&+'\"\\ \u2603";

    private final TestDatabase test = TestDatabase.create(Backend.POSTGRES);

    @BeforeAll
    void ask_for_the_password_of_one_role() throws SQLException, IOException {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + ROLE + " LOGIN PASSWORD '" + PASSWORD.replace("'", "''") + "'");
            Path rules;
            try (ResultSet file = statement.executeQuery("SHOW hba_file")) {
                file.next();
                rules = Path.of(file.getString(1));
            }
            Files.writeString(rules, "host all " + ROLE + " all scram-sha-256\n" + Files.readString(rules));
            statement.execute("SELECT pg_reload_conf()");
            // Asked until the server has read the file.
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (connects("wrong") && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    @AfterAll
    void remove_the_role() throws SQLException {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP ROLE " + ROLE);
        }
        test.close();
    }

    @Test
    void a_password_of_special_characters_is_understood_in_both_places() {
        String encoded = encoded(PASSWORD);
        for (String url : List.of(url(encoded), plainUrl() + "?user=" + ROLE + "&password=" + encoded)) {
            try (Database database = Database.open(url)) {
                database.read(t ->
                        assertThat(OpeningTest.answer(t, "SELECT current_user")).isEqualTo(ROLE));
                assertThat(database).hasToString(plainUrl());
            }
        }
    }

    @Test
    void a_wrong_password_is_refused_without_being_shown() {
        DatabaseException e = catchThrowableOfType(
                DatabaseException.class, () -> Database.open(url("hunter2")).close());

        assertThat(e.kind()).isEqualTo(ErrorKind.PERMISSION);
        assertThat(e)
                .hasMessageContaining(plainUrl())
                .hasMessageContaining(ROLE)
                .hasMessageContaining("check the user, the password and the privileges");
        assertThat(DatabaseUrlTest.trace(e)).doesNotContain("hunter2");
    }

    @Test
    void a_missing_password_is_refused() {
        DatabaseException e = catchThrowableOfType(
                DatabaseException.class,
                () -> Database.open(plainUrl() + "?user=" + ROLE).close());

        assertThat(e.kind()).isIn(ErrorKind.PERMISSION, ErrorKind.CONNECTION);
        assertThat(e).hasMessageContaining("password");
    }

    @Test
    void the_driver_logs_no_password_at_its_finest_level() {
        List<String> logged = new ArrayList<>();
        Logger driver = Logger.getLogger("org.postgresql");
        Handler handler = new Handler() {
            private final SimpleFormatter format = new SimpleFormatter();

            @Override
            public void publish(LogRecord message) {
                logged.add(format.format(message));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(Level.ALL);
        driver.addHandler(handler);
        driver.setUseParentHandlers(false);
        driver.setLevel(Level.ALL);
        try {
            Database.open(url(encoded(PASSWORD)) + "?sslpassword=hunter2").close();
        } finally {
            driver.setLevel(null);
            driver.setUseParentHandlers(true);
            driver.removeHandler(handler);
        }

        assertThat(logged).isNotEmpty().noneMatch(line -> line.contains("hunter2"));
    }

    private boolean connects(String password) {
        try {
            Database.open(url(password)).close();
            return true;
        } catch (DatabaseException e) {
            return false;
        }
    }

    private String plainUrl() {
        return test.url().replace("postgres@", "");
    }

    private String url(String encodedPassword) {
        return test.url().replace("postgres@", ROLE + ":" + encodedPassword + "@");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
