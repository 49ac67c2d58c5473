package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.WorkflowClient;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

@Timeout(120)
class EngineBeansTest {
    /** Of this workflow Spring makes a proxy. */
    @Workflow(name = "proxied")
    static class Proxied {
        private final JdbcTemplate jdbc;
        private final Engine engine;

        Proxied(JdbcTemplate jdbc, Engine engine) {
            this.jdbc = jdbc;
            this.engine = engine;
        }

        @Transactional
        @Task
        public int one() {
            assertThat(engine.isRunning()).isTrue();
            return Objects.requireNonNull(jdbc.queryForObject("SELECT 1", Integer.class));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Proxied.class)
    static class Application {
        static final List<String> CALLS = new ArrayList<>();
        static final AtomicBoolean IS_COMPLETE = new AtomicBoolean();
        static final AtomicReference<Boolean> SEEN = new AtomicReference<>();
        static final AtomicReference<UUID> AT_START = new AtomicReference<>();

        @Bean
        WorkflowDefinition plain() {
            return WorkflowDefinition.named("plain")
                    .task("t", context -> SEEN.compareAndSet(null, IS_COMPLETE.get()))
                    .build();
        }

        @Bean
        Schedule yearly() {
            return Schedule.of("yearly", "plain").cron("0 0 1 1 *");
        }

        @Bean
        EngineListener listener(WorkflowClient client) {
            return event -> {};
        }

        @Bean
        EngineInterceptor interceptor(WorkflowClient client) {
            return new EngineInterceptor() {
                @Override
                public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
                    CALLS.add("submit");
                    return next.submit(submissions);
                }
            };
        }

        @Bean
        @Order(2)
        EngineBuilderCustomizer second() {
            return builder -> CALLS.add("second");
        }

        @Bean
        @Order(1)
        EngineBuilderCustomizer first() {
            return builder -> CALLS.add("first");
        }

        @Bean
        SmartInitializingSingleton complete() {
            return () -> IS_COMPLETE.set(true);
        }

        @Bean
        ApplicationRunner submitting(WorkflowClient client) {
            return arguments -> AT_START.set(client.submit("plain", Map.of()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Empty {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Waiting {
        static final CountDownLatch RUNS = new CountDownLatch(1);
        static final AtomicReference<String> LAST = new AtomicReference<>();

        @Bean
        WorkflowDefinition waiting(JdbcTemplate jdbc) {
            return WorkflowDefinition.named("waiting")
                    .task("t", context -> {
                        RUNS.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            LAST.set("interrupted, and the pool gives "
                                    + jdbc.queryForObject("SELECT 1", Integer.class));
                            throw e;
                        }
                    })
                    .build();
        }
    }

    @DatabaseTest
    void the_beans_of_an_application_are_found_and_may_need_the_engine_which_has_a_new_runner_when_it_starts_again(
            TestDatabase test) {
        Application.CALLS.clear();
        Application.IS_COMPLETE.set(false);
        Application.SEEN.set(null);
        try (ConfigurableApplicationContext context = Applications.plain(test, List.of(Application.class))) {
            Engine engine = context.getBean(Engine.class);
            assertThat(context.getBean(WorkflowClient.class)).isSameAs(engine);
            assertThat(Application.CALLS).startsWith("first", "second", "submit");

            UUID atStart = Objects.requireNonNull(Application.AT_START.get());
            assertThat(engine.await(atStart).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Application.SEEN.get())
                    .as("all beans were there when a task ran")
                    .isTrue();

            UUID proxied = engine.submit("proxied", Map.of());
            assertThat(engine.await(proxied).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(context.getBean(Proxied.class).getClass()).isNotEqualTo(Proxied.class);
            assertThat(engine.schedules().find("yearly")).isPresent();

            UUID before = engine.id().orElseThrow();
            context.stop();
            assertThat(engine.isRunning()).isFalse();
            context.start();
            assertThat(engine.id().orElseThrow()).isNotEqualTo(before);
            assertThat(engine.await(engine.submit("plain", Map.of())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void closing_ends_tasks_within_the_grace_while_the_pool_is_open(TestDatabase test) throws InterruptedException {
        ConfigurableApplicationContext context =
                Applications.plain(test, List.of(Waiting.class), "cloacina.grace=10ms");
        try (context) {
            context.getBean(Engine.class).submit("waiting", Map.of());
            Waiting.RUNS.await();
        }
        assertThat(Waiting.LAST.get()).isEqualTo("interrupted, and the pool gives 1");
    }

    @DatabaseTest
    void the_tables_can_be_left_to_others(TestDatabase test) {
        assertThatThrownBy(() -> Applications.plain(test, List.of(Empty.class), "cloacina.migrate=check"))
                .hasStackTraceContaining("schema");
        Applications.plain(test, List.of(Empty.class)).close();
        Applications.plain(test, List.of(Empty.class), "cloacina.migrate=check").close();
        Applications.execute(test, "DROP INDEX IF EXISTS pipeline_executions_by_status");
        Applications.execute(test, "ALTER TABLE pipeline_executions ADD COLUMN foreign_to_us INTEGER");
        assertThatThrownBy(() -> Applications.plain(test, List.of(Empty.class), "cloacina.migrate=check"))
                .hasStackTraceContaining("foreign_to_us");
        Applications.plain(test, List.of(Empty.class), "cloacina.migrate=never").close();
    }

    @DatabaseTest
    void a_client_runs_nothing_and_a_database_of_its_own_needs_no_data_source(TestDatabase test) {
        Applications.plain(test, List.of(Empty.class)).close();
        try (ConfigurableApplicationContext context = Applications.plain(
                test, List.of(Application.class), "cloacina.run=false", "cloacina.database=" + test.url())) {
            Engine engine = context.getBean(Engine.class);
            assertThat(engine.id()).isEmpty();
            assertThat(context.getBeansOfType(SpringTransactions.class)).isEmpty();
            assertThat(engine.schedules().list()).isEmpty();
            assertThat(engine.find(Objects.requireNonNull(Application.AT_START.get())))
                    .isPresent();
        }
    }

    @DatabaseTest
    void an_application_can_do_without_the_engine(TestDatabase test) {
        try (ConfigurableApplicationContext context =
                Applications.plain(test, List.of(Empty.class), "cloacina.enabled=false")) {
            assertThat(context.getBeansOfType(WorkflowClient.class)).isEmpty();
        }
    }

    /** With two data sources, each with a manager of its own. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class TwoSources {
        @Bean
        DataSource one(@Value("${spring.datasource.url}") String url) {
            return new DriverManagerDataSource(url);
        }

        @Bean
        DataSource two(@Value("${spring.datasource.url}") String url) {
            return new DriverManagerDataSource(url);
        }

        @Bean
        PlatformTransactionManager ofOne(@Qualifier("one") DataSource one) {
            return new DataSourceTransactionManager(one);
        }

        @Bean
        PlatformTransactionManager ofTwo(@Qualifier("two") DataSource two) {
            return new DataSourceTransactionManager(two);
        }

        @Bean
        WorkflowDefinition plain() {
            return WorkflowDefinition.named("plain")
                    .task("t", context -> {}, task -> task.transactional().retry(RetryPolicy.NONE))
                    .build();
        }
    }

    @DatabaseTest
    void one_of_several_data_sources_and_its_manager_are_named(TestDatabase test) {
        assertThatThrownBy(() -> Applications.plain(test, List.of(TwoSources.class)))
                .hasStackTraceContaining("set cloacina.data-source to the name");
        assertThatThrownBy(() -> Applications.plain(test, List.of(TwoSources.class), "cloacina.data-source=two"))
                .hasStackTraceContaining("set cloacina.transaction-manager to the name");
        try (ConfigurableApplicationContext context = Applications.plain(
                test, List.of(TwoSources.class), "cloacina.data-source=two", "cloacina.transaction-manager=ofTwo")) {
            Engine engine = context.getBean(Engine.class);
            assertThat(engine.await(engine.submit("plain", Map.of())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
        try (ConfigurableApplicationContext context = Applications.plain(
                test, List.of(TwoSources.class), "cloacina.data-source=two", "cloacina.transaction-manager=ofOne")) {
            Engine engine = context.getBean(Engine.class);
            UUID id = engine.submit("plain", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(0).error())
                    .contains("set cloacina.transaction-manager to the one of that DataSource");
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void what_is_wrong_with_the_settings_is_said_when_the_application_starts(CapturedOutput output) {
        List<String> none = List.of(
                "spring.main.web-application-type=none",
                "spring.autoconfigure.exclude=" + String.join(",", Applications.JPA)
                        + ",org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration"
                        + ",org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration");
        assertThatThrownBy(() -> Applications.start(List.of(Empty.class), none))
                .hasStackTraceContaining("the engine has no database: set cloacina.database");
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "Cloacina could not start: the engine has no database");

        List<String> tooLong = new ArrayList<>(none);
        tooLong.addAll(List.of("cloacina.database=sqlite:target/none.db", "cloacina.grace=30s"));
        assertThatThrownBy(() -> Applications.start(List.of(Empty.class), tooLong))
                .hasStackTraceContaining("spring.lifecycle.timeout-per-shutdown-phase to 36s or more");
    }
}
