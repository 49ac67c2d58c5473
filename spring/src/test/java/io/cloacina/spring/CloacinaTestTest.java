package io.cloacina.spring;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.WorkflowClient;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.type.Backend;
import io.cloacina.spring.test.CloacinaTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Transactional;

/** The engine of a test, driven manually in a context of Spring. */
@Timeout(120)
class CloacinaTestTest {
    @Workflow(name = "parcel")
    static class Parcel {
        private final JdbcTemplate jdbc;
        private final WorkflowClient client;

        Parcel(JdbcTemplate jdbc, WorkflowClient client) {
            this.jdbc = jdbc;
            this.client = client;
        }

        @Task(transactional = true, retry = @Retry(maxAttempts = 2, delay = "1h"))
        void send(TaskContext context, @Input int number) {
            jdbc.update("INSERT INTO parcels (number) VALUES (?)", number);
            client.submit("receipt", Map.of());
            if (context.attempt() == 1) {
                throw new IllegalStateException("the post is closed");
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                Applications.REPOSITORIES_3,
                Applications.HIBERNATE_3,
                Applications.REPOSITORIES_4,
                Applications.HIBERNATE_4
            })
    @Import(Parcel.class)
    static class Application {
        @Bean
        WorkflowDefinition receipt() {
            return WorkflowDefinition.named("receipt")
                    .task("print", context -> {})
                    .build();
        }
    }

    /** The same on each database. */
    abstract static class Driven {
        @Autowired
        TestEngine engine;

        @Autowired
        WorkflowClient client;

        @Autowired
        ManualClock clock;

        @Autowired
        JdbcTemplate jdbc;

        @Test
        void nothing_happens_before_the_test_drives_the_engine_and_moves_its_clock() {
            jdbc.execute("CREATE TABLE parcels (number INTEGER NOT NULL)");
            UUID id = client.submit("parcel", Map.of("number", 1));
            assertThat(client).isSameAs(engine.engine());
            assertThat(engine.clock()).isSameAs(clock);
            assertThat(engine, id).hasTask("send").ready().onAttempt(0);

            engine.tick();
            assertThat(engine, id).hasTask("send").ready().onAttempt(1);
            assertThat(jdbc.queryForObject("SELECT count(*) FROM parcels", Integer.class))
                    .as("what an attempt wrote that failed")
                    .isZero();

            engine.advance(Duration.ofHours(1));
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().list(ExecutionQuery.all()))
                    .as("what the body submitted is committed once")
                    .hasSize(2)
                    .allMatch(Execution::isFinished);
            assertThat(jdbc.queryForObject("SELECT count(*) FROM parcels", Integer.class))
                    .isEqualTo(1);
        }
    }

    @Nested
    @CloacinaTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {
                "spring.datasource.url=jdbc:sqlite:target/never.db?transaction_mode=IMMEDIATE&busy_timeout=54321",
                "spring.flyway.enabled=false",
                "spring.liquibase.enabled=false"
            })
    class OnSqlite extends Driven {
        @Test
        void the_file_is_another_one_and_its_settings_are_the_same() {
            assertThat(Path.of("target", "never.db")).doesNotExist();
            assertThat(jdbc.queryForObject("PRAGMA busy_timeout", Integer.class))
                    .isEqualTo(54321);
        }
    }

    @Nested
    @CloacinaTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {
                "spring.datasource.url=jdbc:postgresql://nowhere.invalid/never?connectTimeout=1",
                "spring.datasource.username=nobody",
                "spring.datasource.password=wrong",
                "spring.flyway.enabled=false",
                "spring.liquibase.enabled=false"
            })
    class OnPostgres extends Driven {
        @Test
        @Transactional
        void a_test_in_a_transaction_cannot_drive_the_engine() {
            client.submit("parcel", Map.of("number", 1));
            assertThatThrownBy(engine::tick).hasMessageContaining("this thread is in a transaction");
        }
    }

    @Nested
    @CloacinaTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {
                "spring.datasource.url=jdbc:sqlite:target/never.db",
                "cloacina.database=postgresql://nowhere.invalid/never",
                "spring.flyway.enabled=false",
                "spring.liquibase.enabled=false"
            })
    class WithADatabaseForTheEngine {
        @Autowired
        Engine engine;

        @Autowired
        DataSource source;

        @Test
        void each_is_replaced_by_one_of_its_kind() throws SQLException {
            assertThat(engine.isRunning()).isTrue();
            assertThat(engine.runners()).hasSize(1);
            try (Connection connection = source.getConnection()) {
                assertThat(connection.getMetaData().getURL())
                        .startsWith("jdbc:sqlite:")
                        .doesNotContain("never");
            }
        }
    }

    @Nested
    @DirtiesContext
    @CloacinaTest(
            classes = Application.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {
                "cloacina.test.fresh-database=false",
                "spring.flyway.enabled=false",
                "spring.liquibase.enabled=false"
            })
    class WithTheDatabaseOfTheApplication {
        static final TestDatabase OWN = TestDatabase.create(Backend.SQLITE);

        @Autowired
        DataSource source;

        @DynamicPropertySource
        static void database(DynamicPropertyRegistry registry) {
            registry.add("spring.datasource.url", OWN::jdbcUrl);
        }

        @AfterAll
        static void removeDatabase() {
            OWN.close();
        }

        @Test
        void a_property_leaves_it_as_it_is() throws SQLException {
            try (Connection connection = source.getConnection()) {
                assertThat(connection.getMetaData().getURL()).isEqualTo(OWN.jdbcUrl());
            }
        }
    }
}
