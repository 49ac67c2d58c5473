package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.WorkflowClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.jdbc.AutoConfigureTestDatabase;
import org.springframework.boot.test.autoconfigure.jdbc.JdbcTest;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** A slice of the application: it has no engine, so its tables are not made either. */
@JdbcTest(properties = "spring.datasource.url=jdbc:sqlite:file:slice?mode=memory&cache=shared")
@AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
class OrderRowsTest {
    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private ApplicationContext context;

    @Test
    void only_the_tables_of_the_application_are_there() {
        List<String> tables =
                jdbc.queryForList("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", String.class);
        assertThat(tables).containsExactly("flyway_schema_history", "orders");
        assertThat(context.getBeanNamesForType(WorkflowClient.class)).isEmpty();
    }
}
