package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.WorkflowClient;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A slice of the application: it has no engine, so its tables are not made either. */
@DataJpaTest
@AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
@DirtiesContext
class PurchaseOrdersTest {
    private static final TestDatabase DATABASE = TestDatabase.create(Backend.POSTGRES);

    @Autowired
    private PurchaseOrders orders;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private ApplicationContext context;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", DATABASE::jdbcUrl);
    }

    @AfterAll
    static void removeDatabase() {
        DATABASE.close();
    }

    @Test
    void only_the_tables_of_the_application_are_there() {
        orders.saveAndFlush(new PurchaseOrder(1, 4_900));
        assertThat(orders.findById(1L)).isPresent();
        assertThat(jdbc.queryForList(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
                        String.class))
                .containsExactly("flyway_schema_history", "orders");
        assertThat(context.getBeanNamesForType(WorkflowClient.class)).isEmpty();
    }
}
