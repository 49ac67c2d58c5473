package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import io.cloacina.server.access.Role;
import io.cloacina.server.access.User;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, over real HTTP. */
@Timeout(60)
class SecurityTest {
    private static final String ADMIN = "admin-0123456789abcdef";
    private static final String OPERATOR = "operator-0123456789abcdef";
    private static final String READER = "reader-0123456789abcdef";
    private static final String EXECUTIONS = "/api/v1/executions";
    private static final String GREET = "{\"workflow\": \"greet\"}";
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    private final Engine engine = Samples.builder("sqlite::memory:").start();
    private final ServerSettings tokens = ServerSettings.defaults()
            .token("ada", Role.ADMIN, ADMIN)
            .token("otto", Role.OPERATE, OPERATOR)
            .token("rita", Role.READ, READER);

    @AfterEach
    void close() {
        engine.close();
    }

    private Dashboard open() {
        return Dashboard.on(engine).port(0).start();
    }

    private Dashboard guarded() {
        return Dashboard.on(engine).port(0).settings(tokens).start();
    }

    @Test
    void a_host_that_others_reach_needs_a_token() {
        for (String host : List.of("0.0.0.0", "::", "example.com", "127.0.0.1.example.com")) {
            assertThatThrownBy(() -> Dashboard.on(engine).port(0).host(host).start())
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("UNPROTECTED_SERVER"));
        }
        Dashboard.on(engine).port(0).host("0.0.0.0").settings(tokens).start().close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:8400", "localhost.evil.example", "127.0.0.1@evil.example", "0"})
    void without_tokens_only_a_request_to_this_machine_is_answered(String host) {
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            assertThat(client.get("/api/v1/status").statusCode()).isEqualTo(200);
            HttpResponse<String> answer = client.with("Host", host).get("/api/v1/status");
            assertThat(answer.statusCode()).isIn(400, 403);
            assertThat(answer.body()).doesNotContain("healthy");
        }
    }

    @Test
    void without_tokens_nobody_is_served_through_a_proxy() {
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            assertThat(Client.code(client.with("X-Forwarded-For", "10.0.0.1").get("/api/v1/status")))
                    .isEqualTo("FOREIGN_HOST");
            assertThat(Client.code(client.with("Forwarded", "for=10.0.0.1").get("/api/v1/status")))
                    .isEqualTo("FOREIGN_HOST");
        }
    }

    @Test
    void only_the_names_of_the_settings_are_answered() {
        try (Dashboard dashboard = Dashboard.on(engine)
                .port(0)
                .settings(tokens.hosts(List.of("flows.example.com")))
                .start()) {
            Client client = Client.of(dashboard).token(READER);
            assertThat(Client.code(client.get("/api/v1/status"))).isEqualTo("FOREIGN_HOST");
            assertThat(client.with("Host", "Flows.example.com:443")
                            .get("/api/v1/status")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "https://localhost.evil.example", "http://127.0.0.1:1"})
    void a_change_that_a_page_of_another_server_asks_for_is_refused(String origin) {
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            assertThat(Client.code(client.with("Origin", origin).post(EXECUTIONS, GREET)))
                    .isEqualTo("FOREIGN_ORIGIN");
            assertThat(client.with("Origin", "http://" + dashboard.uri().getAuthority())
                            .post(EXECUTIONS, GREET)
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "whatever"})
    void a_change_that_the_browser_says_comes_from_elsewhere_is_refused(String site) {
        try (Dashboard dashboard = open()) {
            assertThat(Client.code(
                            Client.of(dashboard).with("Sec-Fetch-Site", site).post(EXECUTIONS, GREET)))
                    .isEqualTo("FOREIGN_ORIGIN");
        }
    }

    @Test
    void a_form_is_no_json() {
        try (Dashboard dashboard = open()) {
            HttpResponse<String> answer =
                    Client.of(dashboard).with("Content-Type", "text/plain").send("POST", EXECUTIONS, GREET);
            assertThat(answer.statusCode()).isEqualTo(415);
            assertThat(Client.code(answer)).isEqualTo("CONTENT_TYPE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer x", "Basic YWRhOng=", "Bearer admin-0123456789abcdeF"})
    void an_unknown_caller_sees_nothing_but_the_health(String authorization) {
        try (Dashboard dashboard = guarded()) {
            Client client = authorization.isEmpty()
                    ? Client.of(dashboard)
                    : Client.of(dashboard).with("Authorization", authorization);
            for (String path : List.of("/api/v1/status", EXECUTIONS, "/api/v1/schedules")) {
                HttpResponse<String> answer = client.get(path);
                assertThat(answer.statusCode()).isEqualTo(401);
                assertThat(Client.header(answer, "WWW-Authenticate")).isEqualTo("Bearer");
                assertThat(Client.code(answer)).isEqualTo("UNAUTHENTICATED");
            }
            assertThat(client.post(EXECUTIONS, GREET).statusCode()).isEqualTo(401);
            assertThat(client.get("/api/v1/health/live").statusCode()).isEqualTo(200);
            assertThat(client.get("/api/v1/health/ready").statusCode()).isEqualTo(200);
            HttpResponse<String> page = client.get("/");
            assertThat(page.statusCode()).isEqualTo(303);
            assertThat(Client.header(page, "Location")).isEqualTo("/login?next=%2F");
        }
    }

    @Test
    void each_role_may_do_what_is_its_own() {
        try (Dashboard dashboard = guarded()) {
            Client client = Client.of(dashboard);
            String schedule = "{\"workflow\": \"greet\", \"cron\": \"0 7 * * *\"}";
            assertThat(client.token(READER).get("/api/v1/status").statusCode()).isEqualTo(200);
            assertThat(Client.code(client.token(READER).post(EXECUTIONS, GREET)))
                    .isEqualTo("ROLE");
            assertThat(client.token(OPERATOR).post(EXECUTIONS, GREET).statusCode())
                    .isEqualTo(201);
            Client json = client.with("Content-Type", "application/json");
            assertThat(Client.code(json.token(OPERATOR).send("PUT", "/api/v1/schedules/s", schedule)))
                    .isEqualTo("ROLE");
            assertThat(json.token(ADMIN)
                            .send("PUT", "/api/v1/schedules/s", schedule)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Client.code(client.token(OPERATOR).send("DELETE", "/api/v1/schedules/s", null)))
                    .isEqualTo("ROLE");
        }
    }

    @Test
    void a_server_that_only_shows_refuses_every_change_of_everybody() {
        try (Dashboard dashboard =
                Dashboard.on(engine).port(0).settings(tokens.readOnly(true)).start()) {
            Client client = Client.of(dashboard).token(ADMIN);
            assertThat(Client.code(client.post(EXECUTIONS, GREET))).isEqualTo("READ_ONLY");
            assertThat(Client.code(client.send("DELETE", "/api/v1/schedules/s", null)))
                    .isEqualTo("READ_ONLY");
            assertThat(client.get(EXECUTIONS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void values_are_hidden_on_request_and_their_names_are_not() {
        UUID id = engine.submit("greet", Map.of("card", "4111"));
        engine.await(id);
        try (Dashboard dashboard = Dashboard.on(engine)
                .port(0)
                .settings(ServerSettings.defaults().hideData(true))
                .start()) {
            String context =
                    Client.of(dashboard).get(EXECUTIONS + "/" + id + "/context").body();
            assertThat(context)
                    .contains("\"card\":\"hidden\"")
                    .doesNotContain("4111")
                    .doesNotContain("\"hello\":\"hello\"");
        }
    }

    @Test
    void a_person_logs_in_by_a_token_and_out() {
        try (Dashboard dashboard = guarded()) {
            Client client = Client.of(dashboard);
            HttpResponse<String> answer = login(client, OPERATOR, "/");
            assertThat(answer.statusCode()).isEqualTo(303);
            String cookie = Client.header(answer, "Set-Cookie");
            assertThat(cookie)
                    .contains("; HttpOnly; SameSite=Strict")
                    .contains("Path=/;")
                    .doesNotContain(OPERATOR);
            Client known = client.with("Cookie", cookie.split(";", 2)[0]);
            assertThat(known.get("/").statusCode()).isEqualTo(200);
            assertThat(known.get(EXECUTIONS).statusCode()).isEqualTo(200);
            assertThat(Client.code(known.post(EXECUTIONS, GREET))).isEqualTo("CSRF");
            assertThat(Client.code(known.with("X-CSRF-Token", "x").post(EXECUTIONS, GREET)))
                    .isEqualTo("CSRF");
            String csrf = csrf(known.get("/login"));
            assertThat(known.with("X-CSRF-Token", csrf).post(EXECUTIONS, GREET).statusCode())
                    .isEqualTo(201);
            assertThat(known.form("/logout", "csrf=wrong").statusCode()).isEqualTo(403);
            assertThat(known.form("/logout", "csrf=" + csrf).statusCode()).isEqualTo(303);
            assertThat(known.get("/").statusCode()).isEqualTo(303);
        }
    }

    @Test
    void the_form_of_one_person_is_not_that_of_another() {
        try (Dashboard dashboard = guarded()) {
            Client client = Client.of(dashboard);
            String one =
                    Client.header(login(client, OPERATOR, "/"), "Set-Cookie").split(";", 2)[0];
            String other =
                    Client.header(login(client, OPERATOR, "/"), "Set-Cookie").split(";", 2)[0];
            assertThat(one).isNotEqualTo(other);
            String csrf = csrf(client.with("Cookie", one).get("/login"));
            assertThat(Client.code(client.with("Cookie", other)
                            .with("X-CSRF-Token", csrf)
                            .post(EXECUTIONS, GREET)))
                    .isEqualTo("CSRF");
        }
    }

    @Test
    void five_attempts_to_log_in_are_allowed_a_minute() {
        try (Dashboard dashboard = guarded()) {
            Client client = Client.of(dashboard);
            for (int i = 0; i < 5; i++) {
                assertThat(login(client, "wrong", "/").statusCode()).isEqualTo(401);
            }
            assertThat(login(client, ADMIN, "/").statusCode()).isEqualTo(429);
            assertThat(client.token(ADMIN).get("/api/v1/status").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "//evil.example",
                "/\\evil.example",
                "javascript:alert(1)",
                "/a%0d%0aX: y"
            })
    void a_login_leads_nowhere_else(String next) {
        try (Dashboard dashboard = guarded()) {
            String to = Client.header(login(Client.of(dashboard), READER, next), "Location");
            assertThat(to).isEqualTo("/");
        }
    }

    @Test
    void an_application_tells_who_calls() {
        ServerSettings asks = ServerSettings.defaults()
                .authenticator(request ->
                        Optional.ofNullable(request.getHeader("X-User")).map(name -> new User(name, Role.OPERATE)));
        try (Dashboard dashboard = Dashboard.on(engine).port(0).settings(asks).start()) {
            Client client = Client.of(dashboard);
            assertThat(client.get("/api/v1/status").statusCode()).isEqualTo(401);
            assertThat(client.with("X-User", "ada").get("/api/v1/status").statusCode())
                    .isEqualTo(200);
            assertThat(Client.code(client.with("X-User", "ada").post(EXECUTIONS, GREET)))
                    .isEqualTo("CSRF");
            Client basic = client.with("X-User", "ada").with("Authorization", "Basic YWRhOmE=");
            assertThat(basic.post(EXECUTIONS, GREET).statusCode())
                    .as("a browser sends JSON to no other server")
                    .isEqualTo(201);
            assertThat(Client.code(basic.with("Content-Type", "text/plain").send("POST", EXECUTIONS, GREET)))
                    .isEqualTo("CSRF");
            assertThat(Client.code(basic.with("Sec-Fetch-Site", "cross-site").post(EXECUTIONS, GREET)))
                    .isEqualTo("FOREIGN_ORIGIN");
        }
    }

    private static String logged(Runnable what) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            what.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void an_error_of_the_jvm_is_answered_as_any_failure_and_logged_once() {
        for (Error error : List.of(new StackOverflowError("deep"), new NoClassDefFoundError("com/example/Absent"))) {
            ServerSettings failing = ServerSettings.defaults().authenticator(request -> {
                throw error;
            });
            try (Dashboard dashboard =
                    Dashboard.on(engine).port(0).settings(failing).start()) {
                String api = logged(() -> {
                    HttpResponse<String> answer = Client.of(dashboard).get(EXECUTIONS);
                    assertThat(answer.statusCode()).isEqualTo(500);
                    assertThat(Client.header(answer, "Content-Type")).isEqualTo("application/problem+json");
                    assertThat(Client.code(answer)).isEqualTo("UNSPECIFIED");
                    assertThat(answer.body()).doesNotContain("deep", "example");
                });
                String page = logged(() -> {
                    HttpResponse<String> answer = Client.of(dashboard).get("/executions");
                    assertThat(answer.statusCode()).isEqualTo(500);
                    assertThat(answer.body())
                            .contains("which the log of the server describes", "cloacina.css")
                            .doesNotContain("deep", "example", "Jetty");
                });
                assertThat(api).containsOnlyOnce(error.toString()).contains("GET \"/api/v1/executions\" failed");
                assertThat(page).containsOnlyOnce(error.toString()).contains("GET \"/executions\" failed");
            }
        }
    }

    @Test
    void who_changed_what_is_logged_in_one_line_without_what_was_sent() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (Dashboard dashboard = guarded()) {
            Client client = Client.of(dashboard);
            client.token(OPERATOR)
                    .post(EXECUTIONS + "?a=%0d%0aX", "{\"workflow\": \"greet\", \"input\": {\"card\": 4111}}");
            client.token(READER).post(EXECUTIONS, GREET);
            client.token(OPERATOR).get(EXECUTIONS);
        } finally {
            System.setErr(before);
        }
        List<String> lines = log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("io.cloacina.audit"))
                .toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .contains("user=\"otto\" role=OPERATE from=127.0.0.1 POST \"/api/v1/executions?a=%0d%0aX\" status=400")
                .doesNotContain("4111");
        assertThat(lines.get(1)).contains("user=\"rita\" role=READ").contains("status=403");
    }

    @Test
    void every_answer_protects_itself() {
        try (Dashboard dashboard = open()) {
            for (String path : List.of("/", "/api/v1/status", "/nothing", "/api/v1/nothing")) {
                HttpResponse<String> answer = Client.of(dashboard).get(path);
                assertThat(Client.header(answer, "Content-Security-Policy"))
                        .startsWith("default-src 'self';")
                        .contains("frame-ancestors 'none'")
                        .doesNotContain("unsafe");
                assertThat(Client.header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(Client.header(answer, "Cache-Control")).isEqualTo("no-store");
                assertThat(Client.header(answer, "Server")).isEmpty();
                assertThat(answer.body()).doesNotContain("Jetty").doesNotContain("<script>");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/../../openapi.json",
                "/static/%2e%2e/%2e%2e/openapi.json",
                "/..%2f..%2fetc/passwd",
                "//api/v1/status",
                "/api/v1/executions/%00",
                "/api/v1/executions/%zz",
                "/api/v1/executions/..;/status",
                "/api/v1/executions/%C0%AE%C0%AE/tasks",
                "/api/v1/status/",
                "/API/V1/status"
            })
    void a_path_leads_nowhere_but_to_its_route(String path) throws IOException {
        try (Dashboard dashboard = open()) {
            String answer =
                    raw(dashboard.uri(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 4");
            assertThat(answer).doesNotContain("root:").doesNotContain("healthy").doesNotContain("Exception");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "OPTIONS", "PATCH", "CONNECT", "BREW"})
    void other_methods_are_refused(String method) throws IOException {
        try (Dashboard dashboard = open()) {
            String answer = raw(
                    dashboard.uri(),
                    method
                            + " /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX-Secret: s3cret\r\nConnection: close\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 4").doesNotContain("s3cret");
        }
    }

    /** A hook needs no token, so anybody may send such a thing. */
    @Test
    void a_body_that_is_broken_off_is_an_error_of_the_caller() throws IOException {
        try (Dashboard dashboard = guarded()) {
            String answer = raw(
                    dashboard.uri(),
                    "POST /api/v1/hooks/shop HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}");
            assertThat(answer).startsWith("HTTP/1.1 400").contains("MALFORMED_REQUEST");
        }
    }

    private static HttpResponse<String> login(Client client, String token, String next) {
        return client.form(
                "/login",
                "csrf=" + csrf(client.get("/login")) + "&token=" + token + "&next="
                        + next.replace("%", "%25").replace(" ", "+"));
    }

    private static String csrf(HttpResponse<String> page) {
        Matcher found = CSRF.matcher(page.body());
        assertThat(found.find()).as(page.body()).isTrue();
        return found.group(1);
    }

    @Test
    void after_a_refusal_the_connection_serves_the_next_request_or_says_that_it_ends() throws IOException {
        String head =
                "POST " + EXECUTIONS + " HTTP/1.1\r\nHost: localhost\r\nOrigin: http://elsewhere\r\nContent-Length: ";
        String next = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (Dashboard dashboard = open()) {
            String both = raw(dashboard.uri(), head + "2\r\n\r\n", "{}" + next);
            assertThat(both)
                    .startsWith("HTTP/1.1 403")
                    .contains("FOREIGN_ORIGIN")
                    .doesNotContain("HTTP/1.1 400");
            assertThat(both.split("HTTP/1.1 ", -1)).hasSize(3);

            assertThat(raw(dashboard.uri(), head + "100000\r\n\r\n"))
                    .startsWith("HTTP/1.1 403")
                    .contains("Connection: close");
            assertThat(raw(dashboard.uri(), "DELETE " + EXECUTIONS + "/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 400")
                    .contains("Connection: close");
        }
    }

    /** What a server answers to these parts of a request, sent one after the other. */
    private static String raw(URI server, String... parts) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            for (String part : parts) {
                socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
