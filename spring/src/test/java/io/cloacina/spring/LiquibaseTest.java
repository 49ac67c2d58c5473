package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.Engine;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

@Timeout(120)
class LiquibaseTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @DatabaseTest
    void liquibase_changes_the_database_before_the_engine_does_and_again_beside_its_tables(
            TestDatabase test, @TempDir Path folder) throws IOException {
        for (int start = 1; start <= 2; start++) {
            Files.writeString(
                    folder.resolve("changes.sql"),
                    """
                    --liquibase formatted sql
                    --changeset shop:1
                    CREATE TABLE orders (id INTEGER NOT NULL);
                    """ + (start == 1 ? "" : "--changeset shop:2\nCREATE INDEX orders_by_id ON orders (id);\n"));
            try (ConfigurableApplicationContext context = Applications.plain(
                    test,
                    List.of(Application.class),
                    "spring.liquibase.enabled=true",
                    "spring.liquibase.change-log=file:" + folder.resolve("changes.sql"))) {
                assertThat(context.getBean(Engine.class).isRunning()).isTrue();
                assertThat(Applications.count(test, "orders")).isZero();
                assertThat(Applications.count(test, "pipeline_executions")).isZero();
                assertThat(Applications.count(test, "databasechangelog")).isEqualTo(start);
            }
        }
    }
}
