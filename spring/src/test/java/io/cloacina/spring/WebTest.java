package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** The page, the API, the health and the metrics under the port of an application. */
@Timeout(120)
class WebTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        WorkflowDefinition order() {
            return WorkflowDefinition.named("order").task("t", context -> {}).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Security {
        @Bean
        SecurityFilterChain chain(HttpSecurity security) throws Exception {
            return security.authorizeHttpRequests(all -> all.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(csrf -> csrf.ignoringRequestMatchers("/cloacina/**"))
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("ann")
                            .password("{noop}a")
                            .roles("CLOACINA_OPERATE")
                            .build(),
                    User.withUsername("bob")
                            .password("{noop}b")
                            .roles("CLOACINA_READ")
                            .build(),
                    User.withUsername("eve").password("{noop}e").roles("USER").build());
        }
    }

    private static ConfigurableApplicationContext start(
            TestDatabase test, List<Class<?>> sources, List<String> excluded, String... properties) {
        List<String> without = new ArrayList<>(Applications.JPA);
        without.addAll(excluded);
        List<String> all = new ArrayList<>(Applications.dataSource(test));
        all.addAll(List.of(
                "server.port=0",
                "spring.flyway.enabled=false",
                "spring.autoconfigure.exclude=" + String.join(",", without),
                "management.endpoints.web.exposure.include=health,metrics,cloacina",
                "management.endpoint.health.show-details=always",
                "cloacina.dashboard.enabled=true"));
        all.addAll(List.of(properties));
        return Applications.start(sources, all);
    }

    private HttpResponse<String> get(ConfigurableApplicationContext context, String path, @Nullable String user)
            throws IOException, InterruptedException {
        return send(context, path, user, HttpRequest.newBuilder().GET());
    }

    private HttpResponse<String> submit(ConfigurableApplicationContext context, String path, @Nullable String user)
            throws IOException, InterruptedException {
        return send(
                context,
                path,
                user,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"workflow\":\"order\",\"input\":{}}")));
    }

    private HttpResponse<String> send(
            ConfigurableApplicationContext context, String path, @Nullable String user, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        String port = context.getEnvironment().getProperty("local.server.port");
        if (user != null) {
            String basic = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + basic);
        }
        return http.send(
                request.uri(URI.create("http://localhost:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @DatabaseTest
    void the_page_the_api_the_health_and_the_metrics_have_the_port_of_the_application(TestDatabase test)
            throws IOException, InterruptedException {
        try (ConfigurableApplicationContext context = start(test, List.of(Application.class), Applications.SECURITY)) {
            Engine engine = context.getBean(Engine.class);
            UUID id = engine.submit("order", Map.of());
            engine.await(id);

            assertThat(get(context, "/cloacina/executions", null).body()).contains("order", "/cloacina/");
            assertThat(get(context, "/cloacina/api/v1/executions/" + id, null).body())
                    .contains(id.toString());
            assertThat(submit(context, "/cloacina/api/v1/executions", null).statusCode())
                    .isEqualTo(201);
            assertThat(get(context, "/actuator/health", null).body()).contains("\"cloacina\":{", "\"lease\":\"valid\"");
            assertThat(get(context, "/actuator/cloacina", null).body()).contains("\"healthy\":true", "\"runners\":[{");
            assertThat(get(context, "/actuator/metrics/cloacina.executions.submitted", null)
                            .body())
                    .contains("\"statistic\":\"COUNT\"");

            assertThat(context.getBeansOfType(SmartLifecycle.class).values())
                    .as("the web server starts after the engine and stops before it")
                    .filteredOn(each -> each.getClass().getSimpleName().startsWith("WebServer"))
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(each -> assertThat(each.getPhase()).isGreaterThan(EngineLifecycle.PHASE));

            engine.stop();
            HttpResponse<String> health = get(context, "/actuator/health", null);
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("not started, stopped, or about to stop");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.forward-headers-strategy=native",
                "server.forward-headers-strategy=FRAMEWORK",
                "server.tomcat.remoteip.remote-ip-header=x-real-ip",
                "spring.main.cloud-platform=kubernetes"
            })
    void without_security_a_server_that_believes_proxies_does_not_serve_the_page(String property) {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            assertThatThrownBy(() -> start(test, List.of(Application.class), Applications.SECURITY, property)
                            .close())
                    .hasStackTraceContaining("server.forward-headers-strategy=none");
        }
    }

    @DatabaseTest
    void the_page_has_another_path_and_the_headers_of_proxies_are_believed_where_users_are_known(TestDatabase test)
            throws IOException, InterruptedException {
        try (ConfigurableApplicationContext context = start(
                test,
                List.of(Application.class, Security.class),
                List.of(),
                "cloacina.dashboard.path=/workflows",
                "server.forward-headers-strategy=native")) {
            assertThat(get(context, "/workflows/executions", null).statusCode()).isEqualTo(401);
            assertThat(get(context, "/workflows/executions", "ann:a").statusCode())
                    .isEqualTo(200);
        }
    }

    private void assertUsersMayDoWhatTheirRolesSay(ConfigurableApplicationContext context)
            throws IOException, InterruptedException {
        String api = "/cloacina/api/v1/executions";
        assertThat(get(context, api, null).statusCode()).isEqualTo(401);
        assertThat(get(context, api, "eve:e").statusCode()).isEqualTo(401);
        assertThat(get(context, api, "bob:b").statusCode()).isEqualTo(200);
        assertThat(submit(context, api, "bob:b").statusCode()).isEqualTo(403);
        assertThat(submit(context, api, "ann:a").statusCode()).isEqualTo(201);
        assertThat(get(context, "/cloacina/executions", "ann:a").statusCode()).isEqualTo(200);
    }

    /** With the users of Spring Security, whose rights are seen in the same application. */
    @DatabaseTest
    void users_may_do_what_their_roles_say_and_a_stream_of_events_ends_when_the_application_stops(TestDatabase test)
            throws IOException, InterruptedException {
        Iterator<String> lines;
        UUID id;
        try (ConfigurableApplicationContext context =
                start(test, List.of(Application.class, Security.class), List.of())) {
            Engine engine = context.getBean(Engine.class);
            assertThat(get(context, "/cloacina/api/v1/events", "bob:b").body()).contains("EVENTS_OFF");
            engine.events().enable();
            String port = context.getEnvironment().getProperty("local.server.port");
            String bob = Base64.getEncoder().encodeToString("bob:b".getBytes(StandardCharsets.UTF_8));
            lines = http.send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/cloacina/api/v1/events"))
                                    .header("Authorization", "Basic " + bob)
                                    .build(),
                            HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .iterator();
            assertThat(lines.next()).isEqualTo("retry: 1000");
            id = engine.submit("order", Map.of());
            engine.await(id);
            String line = lines.next();
            while (!line.startsWith("data: ")) {
                line = lines.next();
            }
            assertThat(line).contains("execution_submitted", id.toString());
            while (!line.equals("event: execution_ended")) {
                line = lines.next();
            }
            assertUsersMayDoWhatTheirRolesSay(context);
        }
        // Stopping waits for all calls, and so for a stream that does not end.
        List<String> rest = new ArrayList<>();
        lines.forEachRemaining(rest::add);
        assertThat(rest).first().asString().contains(id.toString());
    }

    @DatabaseTest
    void read_only_refuses_each_change(TestDatabase test) throws IOException, InterruptedException {
        try (ConfigurableApplicationContext context =
                start(test, List.of(Application.class), Applications.SECURITY, "cloacina.dashboard.read-only=true")) {
            assertThat(submit(context, "/cloacina/api/v1/executions", null).body())
                    .contains("READ_ONLY");
        }
    }
}
