package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** What jOOQ writes in a transactional task. */
@Timeout(120)
class JooqTest {
    @Workflow(name = "shipping")
    static class Shipping {
        private final DSLContext sql;
        private final TransactionTemplate nested;

        Shipping(DSLContext sql, PlatformTransactionManager manager) {
            this.sql = sql;
            this.nested = new TransactionTemplate(manager);
            nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        }

        private void write(int amount) {
            sql.insertInto(DSL.table("ledger"), DSL.field("amount", Integer.class))
                    .values(amount)
                    .execute();
        }

        @Task(transactional = true, retry = @Retry(maxAttempts = 1))
        void ship(@Input String how) {
            write(1);
            switch (how) {
                case "fail" -> throw new IllegalStateException("the ship has left");
                case "nested" ->
                    nested.executeWithoutResult(status -> {
                        write(2);
                        status.setRollbackOnly();
                    });
                default -> write(2);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Shipping.class)
    static class Application {
        /** As the starter of Spring Boot makes it, whose version of jOOQ needs a newer JDK in 4.1. */
        @Bean
        DSLContext sql(DataSource source, @Value("${dialect}") SQLDialect dialect) {
            return DSL.using(new TransactionAwareDataSourceProxy(source), dialect);
        }
    }

    @DatabaseTest
    void rows_of_jooq_share_the_end_of_the_task_and_that_of_a_savepoint(TestDatabase test) {
        Applications.execute(test, "CREATE TABLE ledger (amount INTEGER NOT NULL)");
        String dialect = test.backend() == Backend.SQLITE ? "SQLITE" : "POSTGRES";
        try (ConfigurableApplicationContext context =
                Applications.plain(test, List.of(Application.class), "dialect=" + dialect)) {
            Engine engine = context.getBean(Engine.class);

            UUID failed = engine.submit("shipping", Map.of("how", "fail"));
            assertThat(engine.await(failed).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(failed).get(0).error()).contains("the ship has left");
            assertThat(Applications.count(test, "ledger")).isZero();

            UUID shipped = engine.submit("shipping", Map.of("how", "twice"));
            assertThat(engine.await(shipped).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Applications.count(test, "ledger")).isEqualTo(2);

            UUID nested = engine.submit("shipping", Map.of("how", "nested"));
            assertThat(engine.await(nested).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(Applications.count(test, "ledger WHERE amount = 1")).isEqualTo(2);
            assertThat(Applications.count(test, "ledger WHERE amount = 2")).isEqualTo(1);
        }
    }
}
