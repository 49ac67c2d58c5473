package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.EngineBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SettingsTest {
    /** Made of beans. */
    private static final Set<String> BEANS =
            Set.of("workflow", "listener", "interceptor", "metrics", "payloadCodec", "packages", "transactions");

    /** Code that has no type of its own among beans, and is set by a customizer. */
    private static final Set<String> CUSTOMIZED = Set.of("json", "executor", "threads", "clock");

    /** Other properties than settings of the builder; {@code run} is its {@code client}, and {@code json} chooses a mapper. */
    private static final Set<String> OWN = Set.of(
            "enabled",
            "database",
            "dataSource",
            "transactionManager",
            "migrate",
            "run",
            "json",
            "dashboard",
            "metrics",
            "tracing",
            "observations");

    private static Set<String> properties() {
        Set<String> names = new TreeSet<>();
        for (RecordComponent component : CloacinaProperties.class.getRecordComponents()) {
            names.add(component.getName());
        }
        return names;
    }

    @Test
    void each_setting_of_the_builder_is_a_property_a_kind_of_bean_or_left_to_customizers() {
        Set<String> settings = new TreeSet<>();
        for (Method method : EngineBuilder.class.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && method.getReturnType() == EngineBuilder.class) {
                settings.add(method.getName());
            }
        }
        settings.removeAll(BEANS);
        settings.removeAll(CUSTOMIZED);
        settings.remove("client");
        Set<String> properties = properties();
        properties.removeAll(OWN);
        assertThat(properties).isEqualTo(settings);
    }

    @Test
    void editors_know_each_property_with_its_description() throws IOException {
        try (InputStream in =
                CloacinaProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            String json = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(json)
                    .contains(
                            "\"cloacina.dashboard.read-only\"",
                            "\"cloacina.metrics.enabled\"",
                            "\"cloacina.tracing.enabled\"",
                            "\"cloacina.observations.enabled\"")
                    .contains("how many tasks run at once in this process");
            for (String name : properties()) {
                assertThat(json)
                        .contains("\"cloacina."
                                + name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT));
            }
        }
    }
}
