package io.cloacina.spring;

import io.cloacina.schema.type.Backend;
import io.cloacina.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts Spring Boot applications on databases of tests, with the line of Spring Boot that the module has. */
final class Applications {
    private static final String SQLITE = "?transaction_mode=IMMEDIATE&busy_timeout=20000&foreign_keys=true";

    static final String REPOSITORIES_3 =
            "org.springframework.boot.autoconfigure.data.jpa.JpaRepositoriesAutoConfiguration";
    static final String HIBERNATE_3 = "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration";
    static final String REPOSITORIES_4 =
            "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration";
    static final String HIBERNATE_4 = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration";

    static final List<String> JPA = List.of(REPOSITORIES_3, HIBERNATE_3, REPOSITORIES_4, HIBERNATE_4);

    /** On Spring Boot 4 its configuration is in a module of its own, which the tests do not have. */
    private static final List<String> JOOQ =
            List.of("org.springframework.boot.autoconfigure.jooq.JooqAutoConfiguration");

    static final List<String> SECURITY = List.of(
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration");

    private Applications() {}

    /** Without a web server, JPA, jOOQ and Flyway. */
    static ConfigurableApplicationContext plain(TestDatabase test, List<Class<?>> sources, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "spring.main.web-application-type=none",
                "spring.flyway.enabled=false",
                "spring.autoconfigure.exclude=" + String.join(",", JPA) + "," + String.join(",", JOOQ)));
        all.addAll(dataSource(test));
        all.addAll(List.of(properties));
        return start(sources, all);
    }

    static ConfigurableApplicationContext start(List<Class<?>> sources, List<String> properties) {
        List<String> all = new ArrayList<>(List.of(
                "spring.main.banner-mode=off",
                "logging.level.root=warn",
                "spring.jmx.enabled=false",
                "spring.liquibase.enabled=false",
                // The starter for OpenTelemetry would send metrics to a collector on this machine.
                "management.otlp.metrics.export.enabled=false"));
        all.addAll(properties);
        SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
        application.setRegisterShutdownHook(false);
        // One that is given twice would be a list of both.
        Map<String, String> last = new LinkedHashMap<>();
        all.forEach(property -> last.put(property.substring(0, property.indexOf('=')), property));
        return application.run(
                last.values().stream().map(property -> "--" + property).toArray(String[]::new));
    }

    static List<String> dataSource(TestDatabase test) {
        String url = test.jdbcUrl();
        return List.of("spring.datasource.url=" + (test.backend() == Backend.SQLITE ? url + SQLITE : url));
    }

    static void execute(TestDatabase test, String sql) {
        try (Connection connection = test.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static long count(TestDatabase test, String from) {
        try (Connection connection = test.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + from)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
