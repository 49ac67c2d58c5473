package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Submissions and transactional tasks in transactions of JPA; on SQLite with the dialect of Hibernate's community. */
@Timeout(120)
class JpaTest {
    @Entity(name = "bookings")
    static class BookingRow {
        @Id
        @Nullable
        Integer id;

        BookingRow() {}

        BookingRow(int id) {
            this.id = id;
        }
    }

    static class Bookings {
        @PersistenceContext
        @Nullable
        EntityManager entities;

        @Transactional
        public void add(int id) {
            Objects.requireNonNull(entities).persist(new BookingRow(id));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @AutoConfigurationPackage
    static class Application {
        @Bean
        Bookings bookings() {
            return new Bookings();
        }

        @Bean
        WorkflowDefinition booking(Bookings bookings) {
            return WorkflowDefinition.named("booking")
                    .task(
                            "book",
                            context -> {
                                bookings.add(context.get("id", Integer.class));
                                if (context.find("fail", Boolean.class).orElse(false)) {
                                    throw new IllegalStateException("the card was refused");
                                }
                            },
                            task -> task.transactional().retry(RetryPolicy.NONE))
                    .build();
        }
    }

    @DatabaseTest
    void entities_share_the_end_of_tasks_and_submissions_that_of_entities(TestDatabase test) {
        List<String> properties = new ArrayList<>(Applications.dataSource(test));
        properties.addAll(List.of(
                "spring.main.web-application-type=none",
                "spring.flyway.enabled=false",
                "spring.jpa.hibernate.ddl-auto=update"));
        try (ConfigurableApplicationContext context = Applications.start(List.of(Application.class), properties)) {
            Engine engine = context.getBean(Engine.class);

            UUID booked = engine.submit("booking", Map.of("id", 1));
            assertThat(engine.await(booked).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Applications.count(test, "bookings")).isEqualTo(1);

            UUID failed = engine.submit("booking", Map.of("id", 2, "fail", true));
            assertThat(engine.await(failed).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(Applications.count(test, "bookings")).isEqualTo(1);

            UUID twice = engine.submit("booking", Map.of("id", 1));
            assertThat(engine.await(twice).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(twice).get(0).error())
                    .as("of the body, and not of the commit")
                    .containsAnyOf("duplicate key", "UNIQUE constraint failed")
                    .doesNotContain("did not commit");

            AtomicReference<UUID> joined = new AtomicReference<>();
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
                context.getBean(Bookings.class).add(3);
                joined.set(engine.submit("booking", Map.of("id", 4)));
                assertThat(Applications.count(test, "pipeline_executions")).isEqualTo(3);
            });
            assertThat(engine.await(Objects.requireNonNull(joined.get())).status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Applications.count(test, "bookings")).isEqualTo(3);

            AtomicReference<UUID> after = new AtomicReference<>();
            new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult(status -> {
                context.getBean(Bookings.class).add(5);
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        after.set(engine.submit("booking", Map.of("id", 6)));
                        assertThat(Applications.count(test, "pipeline_executions"))
                                .as("stored when the call returned")
                                .isEqualTo(5);
                    }
                });
            });
            assertThat(engine.await(Objects.requireNonNull(after.get())).status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
