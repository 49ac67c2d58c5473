package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Submissions and transactional tasks in the transactions of Spring, by JDBC. */
@Timeout(120)
class TransactionsTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Booking.class, Ledger.class})
    static class Application {
        @Bean
        WorkflowDefinition receipt() {
            return WorkflowDefinition.named("receipt")
                    .task("print", context -> {})
                    .build();
        }
    }

    /** With the transactions of a container, here one that has none. */
    @Configuration(proxyBeanMethods = false)
    static class Jta {
        @Bean
        PlatformTransactionManager container() {
            return new JtaTransactionManager((UserTransaction) Proxy.newProxyInstance(
                    UserTransaction.class.getClassLoader(),
                    new Class<?>[] {UserTransaction.class},
                    (proxy, method, arguments) ->
                            method.getName().equals("getStatus") ? Status.STATUS_NO_TRANSACTION : null));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class JdbcBesideJta {
        @Bean
        PlatformTransactionManager jdbc(DataSource source) {
            return new DataSourceTransactionManager(source);
        }
    }

    private static ConfigurableApplicationContext start(TestDatabase test) {
        Applications.execute(test, "CREATE TABLE ledger (amount INTEGER NOT NULL)");
        return Applications.plain(test, List.of(Application.class));
    }

    private static TransactionTemplate transactions(ConfigurableApplicationContext context) {
        return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    @DatabaseTest
    void a_submission_shares_the_end_of_the_transaction_of_its_thread(TestDatabase test) {
        try (ConfigurableApplicationContext context = start(test)) {
            Engine engine = context.getBean(Engine.class);
            Ledger ledger = context.getBean(Ledger.class);
            TransactionTemplate transactions = transactions(context);

            assertThatThrownBy(() -> transactions.executeWithoutResult(status -> {
                        ledger.write(1);
                        engine.submit("receipt", Map.of());
                        throw new IllegalArgumentException("out of stock");
                    }))
                    .hasMessage("out of stock");
            assertThat(Applications.count(test, "ledger")).isZero();
            assertThat(Applications.count(test, "pipeline_executions")).isZero();

            AtomicReference<UUID> id = new AtomicReference<>();
            transactions.executeWithoutResult(status -> {
                ledger.write(1);
                id.set(engine.submit("receipt", Map.of()));
                assertThat(Applications.count(test, "pipeline_executions"))
                        .as("before the commit")
                        .isZero();
            });
            assertThat(Applications.count(test, "ledger")).isEqualTo(1);
            assertThat(engine.await(Objects.requireNonNull(id.get())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void code_that_spring_calls_after_a_commit_submits_in_a_transaction_of_the_engine(TestDatabase test) {
        try (ConfigurableApplicationContext context = start(test)) {
            Engine engine = context.getBean(Engine.class);
            AtomicReference<UUID> id = new AtomicReference<>();
            transactions(context).executeWithoutResult(status -> {
                context.getBean(Ledger.class).write(1);
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        id.set(engine.submit("receipt", Map.of()));
                        assertThat(Applications.count(test, "pipeline_executions"))
                                .as("stored when the call returned")
                                .isEqualTo(1);
                    }
                });
            });
            assertThat(engine.await(Objects.requireNonNull(id.get())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void a_transaction_that_cannot_be_shared_refuses_the_submission(TestDatabase test) {
        try (ConfigurableApplicationContext context = start(test)) {
            Engine engine = context.getBean(Engine.class);
            DataSource another = new DelegatingDataSource(context.getBean(DataSource.class));
            TransactionTemplate foreign = new TransactionTemplate(new DataSourceTransactionManager(another));
            assertThatThrownBy(() -> foreign.executeWithoutResult(status -> engine.submit("receipt", Map.of())))
                    .hasMessageContaining("another DataSource");

            TransactionTemplate reading = transactions(context);
            reading.setReadOnly(true);
            if (test.backend() == Backend.POSTGRES) {
                assertThatThrownBy(() -> reading.executeWithoutResult(status -> engine.submit("receipt", Map.of())))
                        .hasMessageContaining("read-only");
            }
            assertThat(Applications.count(test, "pipeline_executions")).isZero();
        }
    }

    @DatabaseTest
    void a_transaction_manager_of_jta_is_refused_when_the_application_starts(TestDatabase test) {
        Applications.execute(test, "CREATE TABLE ledger (amount INTEGER NOT NULL)");
        assertThatThrownBy(() -> Applications.plain(test, List.of(Application.class, Jta.class)))
                .hasStackTraceContaining("the transaction manager is one of JTA");

        try (ConfigurableApplicationContext context = Applications.plain(
                test,
                List.of(Application.class, Jta.class, JdbcBesideJta.class),
                "cloacina.transaction-manager=jdbc")) {
            Engine engine = context.getBean(Engine.class);
            PlatformTransactionManager jdbc = context.getBean("jdbc", PlatformTransactionManager.class);
            new TransactionTemplate(jdbc).executeWithoutResult(status -> {
                engine.submit("receipt", Map.of());
                status.setRollbackOnly();
            });
            assertThat(Applications.count(test, "pipeline_executions")).isZero();
        }
        try (ConfigurableApplicationContext context =
                Applications.plain(test, List.of(Application.class, Jta.class), "cloacina.database=" + test.url())) {
            Engine engine = context.getBean(Engine.class);
            assertThat(engine.await(engine.submit("receipt", Map.of())).status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void what_a_transactional_task_writes_shares_the_end_of_the_task(TestDatabase test) {
        try (ConfigurableApplicationContext context = start(test)) {
            Engine engine = context.getBean(Engine.class);

            UUID failed = engine.submit("booking", Map.of("how", "fail"));
            assertThat(engine.await(failed).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(failed).get(0).error()).contains("the card was refused");
            assertThat(Applications.count(test, "ledger")).isZero();

            UUID booked = engine.submit("booking", Map.of("how", "twice"));
            assertThat(engine.await(booked).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Applications.count(test, "ledger")).isEqualTo(2);

            UUID submitting = engine.submit("booking", Map.of("how", "submit"));
            assertThat(engine.await(submitting).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Applications.count(test, "ledger")).isEqualTo(3);
            assertThat(Applications.count(test, "pipeline_executions")).isEqualTo(4);
        }
    }

    @DatabaseTest
    void code_that_throws_after_the_commit_of_a_body_changes_nothing(TestDatabase test) {
        try (ConfigurableApplicationContext context = start(test)) {
            Engine engine = context.getBean(Engine.class);
            UUID id = engine.submit("booking", Map.of("how", "after"));
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.tasks(id))
                    .allSatisfy(task -> assertThat(task.attempt()).isEqualTo(1));
            assertThat(Applications.count(test, "ledger"))
                    .as("the body ran once")
                    .isEqualTo(1);
        }
    }

    @DatabaseTest
    void what_has_a_transaction_of_its_own_is_refused_in_one_of_the_engines_database(TestDatabase test) {
        try (ConfigurableApplicationContext context = start(test)) {
            Engine engine = context.getBean(Engine.class);
            UUID id = engine.submit("receipt", Map.of());
            engine.await(id);
            TransactionTemplate reading = transactions(context);
            reading.setReadOnly(true);
            for (TransactionTemplate each : List.of(reading, transactions(context))) {
                for (Runnable call : List.<Runnable>of(() -> engine.await(id), () -> engine.cancel(id))) {
                    assertThatThrownBy(() -> each.executeWithoutResult(status -> call.run()))
                            .isInstanceOfSatisfying(
                                    CloacinaException.class,
                                    e -> assertThat(e.code()).isEqualTo("IN_TRANSACTION"));
                }
            }
            DataSource another = new DelegatingDataSource(context.getBean(DataSource.class));
            new TransactionTemplate(new DataSourceTransactionManager(another))
                    .executeWithoutResult(status -> assertThat(engine.await(id).status())
                            .as("in a transaction of another DataSource")
                            .isEqualTo(ExecutionStatus.COMPLETED));
        }
    }

    @DatabaseTest
    void a_transaction_that_was_marked_as_rollback_only_fails_the_body(TestDatabase test) {
        try (ConfigurableApplicationContext context = start(test)) {
            Engine engine = context.getBean(Engine.class);
            UUID marked = engine.submit("booking", Map.of("how", "swallow"));
            assertThat(engine.await(marked).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(marked).get(0).error()).contains("rollback-only");
            assertThat(Applications.count(test, "ledger")).isZero();

            UUID nested = engine.submit("booking", Map.of("how", "nested"));
            assertThat(engine.await(nested).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Applications.count(test, "ledger")).isEqualTo(1);
        }
    }

    @DatabaseTest
    void a_transaction_of_its_own_within_a_body_stays(TestDatabase test) {
        if (test.backend() == Backend.SQLITE) {
            return; // one transaction at a time can write there
        }
        try (ConfigurableApplicationContext context = start(test)) {
            Engine engine = context.getBean(Engine.class);
            UUID id = engine.submit("booking", Map.of("how", "apart"));
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(Applications.count(test, "ledger WHERE amount = 3")).isEqualTo(1);
            assertThat(Applications.count(test, "ledger")).isEqualTo(1);
        }
    }

    @DatabaseTest
    void the_ten_connections_of_a_pool_that_nobody_configured_are_enough(TestDatabase test) throws Exception {
        int callers = 20;
        int each = 5;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try (ConfigurableApplicationContext context = start(test)) {
            assertThat(context.getBean(DataSource.class)).hasFieldOrPropertyWithValue("maximumPoolSize", 10);
            Engine engine = context.getBean(Engine.class);
            Ledger ledger = context.getBean(Ledger.class);
            TransactionTemplate transactions = transactions(context);

            List<Future<List<UUID>>> submitted = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                submitted.add(threads.submit(() -> {
                    List<UUID> ids = new ArrayList<>();
                    for (int j = 0; j < each; j++) {
                        transactions.executeWithoutResult(status -> {
                            ledger.write(1);
                            ids.add(engine.submit("booking", Map.of("how", "submit")));
                        });
                    }
                    return ids;
                }));
            }
            for (Future<List<UUID>> ids : submitted) {
                for (UUID id : ids.get()) {
                    assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                }
            }

            assertThat(Applications.count(test, "ledger"))
                    .as("by callers and by tasks")
                    .isEqualTo(2L * callers * each);
            assertThat(engine.list(ExecutionQuery.all().workflow("receipt").limit(1_000)))
                    .hasSize(callers * each);
        } finally {
            threads.shutdown();
        }
    }
}
