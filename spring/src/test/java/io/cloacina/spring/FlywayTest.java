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
class FlywayTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @DatabaseTest
    void flyway_migrates_an_empty_database_before_the_engine_does(TestDatabase test, @TempDir Path folder)
            throws IOException {
        Files.writeString(folder.resolve("V1__orders.sql"), "CREATE TABLE orders (id INTEGER NOT NULL);");
        for (int start = 1; start <= 2; start++) {
            try (ConfigurableApplicationContext context = Applications.plain(
                    test,
                    List.of(Application.class),
                    "spring.flyway.enabled=true",
                    "spring.flyway.locations=filesystem:" + folder)) {
                assertThat(context.getBean(Engine.class).isRunning()).isTrue();
                assertThat(Applications.count(test, "orders")).isZero();
                assertThat(Applications.count(test, "pipeline_executions")).isZero();
            }
        }
    }
}
