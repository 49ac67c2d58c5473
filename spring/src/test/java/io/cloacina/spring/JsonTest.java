package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class JsonTest {
    private static final String APPLICATION = "cloacina.json=application";
    private static final String SNAKE = "spring.jackson.property-naming-strategy=SNAKE_CASE";

    /** Some of each kind of type that the documentation names. */
    record Everything(
            String firstName,
            int number,
            long large,
            BigDecimal amount,
            boolean paid,
            DayOfWeek day,
            Instant at,
            LocalDate on,
            OffsetDateTime offset,
            Duration within,
            UUID id,
            Optional<String> note,
            List<Part> parts,
            Map<String, Part> byName) {}

    record Part(String partName, double weight) {}

    private static final Part PART = new Part("lamp", 1.5);
    private static final Everything VALUE = new Everything(
            "Ada",
            -7,
            Long.MAX_VALUE,
            new BigDecimal("12345678901234567890.10"),
            true,
            DayOfWeek.FRIDAY,
            Instant.parse("2026-03-08T06:30:00.123456Z"),
            LocalDate.of(2026, 2, 28),
            OffsetDateTime.parse("2026-03-08T06:30:00Z"),
            Duration.ofMinutes(90),
            UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"),
            Optional.of("fragile"),
            List.of(PART),
            Map.of("first", PART));

    @Configuration
    @EnableAutoConfiguration
    static class Application {
        @Bean
        WorkflowDefinition echo() {
            return WorkflowDefinition.named("echo")
                    .version("1")
                    .task("say", context -> context.put("said", context.get("value", Everything.class)))
                    .build();
        }
    }

    private static ConfigurableApplicationContext start(TestDatabase test, String... properties) {
        return Applications.plain(test, List.of(Application.class), properties);
    }

    private static UUID ran(Engine engine) {
        UUID id = engine.submit("echo", Map.of("value", VALUE));
        assertThat(engine.await(id).error()).isNull();
        return id;
    }

    @DatabaseTest
    void the_mapper_of_the_application_decides_where_that_is_said(TestDatabase test) {
        try (ConfigurableApplicationContext application = start(test, APPLICATION, SNAKE)) {
            Engine engine = application.getBean(Engine.class);
            UUID id = ran(engine);
            assertThat(engine.context(id).get("said", Everything.class)).isEqualTo(VALUE);
            assertThat((Map<?, ?>) engine.context(id).get("said", Map.class))
                    .anySatisfy((key, value) -> assertThat(key).isEqualTo("first_name"));
        }
    }

    @DatabaseTest
    void otherwise_it_is_the_same_everywhere(TestDatabase test) {
        try (ConfigurableApplicationContext application = start(test, SNAKE)) {
            Engine engine = application.getBean(Engine.class);
            assertThat((Map<?, ?>) engine.context(ran(engine)).get("said", Map.class))
                    .anySatisfy((key, value) -> assertThat(key).isEqualTo("firstName"));
        }
    }

    @DatabaseTest
    void what_one_mapper_wrote_the_other_reads(TestDatabase test) {
        UUID byEngine;
        UUID byApplication;
        try (ConfigurableApplicationContext application = start(test)) {
            byEngine = ran(application.getBean(Engine.class));
        }
        try (ConfigurableApplicationContext application = start(test, APPLICATION)) {
            Engine engine = application.getBean(Engine.class);
            assertThat(engine.context(byEngine).get("said", Everything.class)).isEqualTo(VALUE);
            byApplication = ran(engine);
        }
        try (ConfigurableApplicationContext application = start(test)) {
            assertThat(application.getBean(Engine.class).context(byApplication).get("said", Everything.class))
                    .isEqualTo(VALUE);
        }
    }

    @DatabaseTest
    void what_the_mapper_of_the_application_refuses_is_refused_where_it_was_given(TestDatabase test) {
        try (ConfigurableApplicationContext application = start(test, APPLICATION)) {
            Engine engine = application.getBean(Engine.class);
            assertThatThrownBy(() -> engine.submit("echo", Map.of("value", new Object() {
                        @SuppressWarnings({"EffectivelyPrivate", "UnusedMethod"}) // the mapper calls it
                        public String getBroken() {
                            throw new IllegalStateException("no such part");
                        }
                    })))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("NOT_JSON"))
                    .hasMessageContaining("no such part");
        }
    }
}
