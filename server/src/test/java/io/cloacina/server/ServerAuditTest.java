package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.AuditEntry;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.server.access.Role;
import io.cloacina.server.access.User;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who asked for which change is stored. */
@Timeout(60)
class ServerAuditTest {
    private static final String ADMIN = "admin-0123456789abcdef";
    private static final String OPERATOR = "operator-0123456789abcdef";
    private static final String READER = "reader-0123456789abcdef";
    private static final String EXECUTIONS = "/api/v1/executions";
    private static final String AUDIT = "/api/v1/audit";
    private static final ServerSettings TOKENS = ServerSettings.defaults()
            .token("ada", Role.ADMIN, ADMIN)
            .token("otto", Role.OPERATE, OPERATOR)
            .token("rita", Role.READ, READER);

    private static Dashboard guarded(Engine engine) {
        return Dashboard.on(engine).port(0).settings(TOKENS).start();
    }

    private static List<AuditEntry> entries(Engine engine) {
        return engine.audit().list(AuditQuery.all());
    }

    @DatabaseTest
    void each_change_is_stored_with_its_caller_and_its_outcome_and_without_what_was_sent(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard = guarded(engine)) {
            Client client = Client.of(dashboard);
            HttpResponse<String> made =
                    client.token(OPERATOR).post(EXECUTIONS, "{\"workflow\": \"ask\", \"input\": {\"card\": \"4111\"}}");
            String id = Client.json(made).path("id").asText();
            client.token(ADMIN).post(EXECUTIONS + "/" + id + "/cancel", "{}");
            client.token(ADMIN).post(EXECUTIONS + "/" + id + "/pause", "{\"reason\": \"lunch\"}");
            client.token(READER).post(EXECUTIONS + "/" + id + "/cancel", "{}");
            client.token(READER).get(EXECUTIONS);

            JsonNode page = Client.json(client.token(ADMIN).get(AUDIT + "?about=" + id));
            assertThat(page.path("entries")).hasSize(4);
            assertThat(page.path("next").isNull()).isTrue();
            assertThat(page.toString())
                    .doesNotContain("4111")
                    .doesNotContain("lunch")
                    .doesNotContain(OPERATOR);
            assertEntry(page.at("/entries/0"), "rita READ POST /api/v1/executions/{id}/cancel " + id + " 403 ROLE");
            assertEntry(
                    page.at("/entries/1"),
                    "ada ADMIN POST /api/v1/executions/{id}/pause " + id + " 409 EXECUTION_STATE");
            assertEntry(page.at("/entries/2"), "ada ADMIN POST /api/v1/executions/{id}/cancel " + id + " 200 null");
            assertEntry(page.at("/entries/3"), "otto OPERATE POST /api/v1/executions null 201 null");
            assertThat(page.at("/entries/3/made").asText()).isEqualTo(id);
            assertThat(page.at("/entries/3/address").asText()).isEqualTo("127.0.0.1");
            assertThat(Client.json(client.token(ADMIN).get(AUDIT + "?user=otto&limit=1"))
                            .at("/entries/0/made")
                            .asText())
                    .isEqualTo(id);
        }
    }

    private static void assertEntry(JsonNode entry, String expected) {
        assertThat(String.join(
                        " ",
                        entry.path("user_name").asText(),
                        entry.path("user_role").asText(),
                        entry.path("action").asText(),
                        entry.path("object").asText(),
                        entry.path("status").asText(),
                        entry.path("code").asText()))
                .isEqualTo(expected);
    }

    @Test
    void what_a_form_of_the_page_does_is_stored_too_and_the_page_shows_it_to_admins() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            UUID id = engine.submit("ask", Map.of());
            Client client = Client.of(dashboard);
            String csrf = client.get("/executions/" + id)
                    .body()
                    .replaceFirst("(?s).*?name=\"csrf\" value=\"([^\"]+)\".*", "$1");
            assertThat(client.form("/executions/" + id + "/pause", "csrf=" + csrf)
                            .statusCode())
                    .isEqualTo(303);
            assertThat(client.form("/executions/" + id + "/pause", "csrf=wrong").statusCode())
                    .isEqualTo(403);

            assertThat(entries(engine)).hasSize(2);
            assertThat(client.get("/audit").body())
                    .contains("POST /executions/{id}/pause", id.toString(), "refused: CSRF", "done");
            assertThat(client.get("/audit?user=nobody").body()).contains("Nobody asked for such a change");

            String made = Client.json(client.post("/api/v1/executions", "{\"workflow\": \"greet\"}"))
                    .path("id")
                    .asText();
            assertThat(client.get("/audit").body()).contains("<a href=\"/executions/" + made + "\">");
        }
    }

    @Test
    void only_admins_read_it() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = guarded(engine)) {
            Client client = Client.of(dashboard);
            assertThat(Client.code(client.token(OPERATOR).get(AUDIT))).isEqualTo("ROLE");
            assertThat(client.token(OPERATOR).get("/audit").statusCode()).isEqualTo(403);
            assertThat(client.token(OPERATOR).get("/").body()).doesNotContain("href=\"/audit\"");
            assertThat(client.token(ADMIN).get("/").body()).contains("href=\"/audit\"");
        }
    }

    /** As an application does whose database is lost between the two: it fails only the audit's statement. */
    @DatabaseTest
    void a_change_that_cannot_be_stored_is_not_made(TestDatabase database) throws SQLException {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard = guarded(engine)) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("ALTER TABLE audit_entries RENAME TO audit_gone");
            }
            HttpResponse<String> answer =
                    Client.of(dashboard).token(OPERATOR).post(EXECUTIONS, "{\"workflow\": \"greet\"}");

            assertThat(answer.statusCode()).isBetween(400, 599);
            assertThat(engine.list(ExecutionQuery.all())).isEmpty();
        }
    }

    @Test
    void a_server_that_only_shows_stores_nothing_and_neither_does_a_reader_or_an_unknown_caller() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard only = Dashboard.on(engine)
                        .port(0)
                        .settings(TOKENS.readOnly(true))
                        .start();
                Dashboard dashboard = guarded(engine)) {
            Client.of(only).token(ADMIN).post(EXECUTIONS, "{\"workflow\": \"greet\"}");
            Client.of(dashboard).post(EXECUTIONS, "{\"workflow\": \"greet\"}");
            Client.of(dashboard).token(READER).get(EXECUTIONS);

            assertThat(entries(engine)).isEmpty();
        }
    }

    /** What a container, or Spring Security, adds to a request. */
    private static HttpServletRequest from(ServletRequest request, @Nullable String name) {
        return new HttpServletRequestWrapper((HttpServletRequest) request) {
            @Override
            public @Nullable Principal getUserPrincipal() {
                return name == null ? null : () -> name;
            }
        };
    }

    @Test
    void where_callers_need_not_be_known_the_user_is_the_one_that_the_container_knows() throws Exception {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (Engine engine = Samples.builder("sqlite::memory:").start()) {
            AtomicReference<@Nullable String> name = new AtomicReference<>();
            ServletContextHandler context = new ServletContextHandler();
            context.addServlet(new ServletHolder(new CloacinaServlet(engine, ServerSettings.defaults())), "/*");
            context.addFilter(
                    (request, response, chain) -> chain.doFilter(from(request, name.get()), response),
                    "/*",
                    EnumSet.of(DispatcherType.REQUEST));
            server.setHandler(context);
            server.start();
            Client client = Client.at("http://localhost:" + server.getURI().getPort());
            for (String each : Arrays.asList("alice", "bob\nx", "c".repeat(300), " ", null)) {
                name.set(each);
                assertThat(client.post(EXECUTIONS, "{\"workflow\": \"greet\"}").statusCode())
                        .isEqualTo(201);
            }
            assertThat(entries(engine))
                    .extracting(entry -> entry.change().user())
                    .containsExactly("local", "local", "c".repeat(99) + "…", "bob?x", "alice");
        } finally {
            server.stop();
        }
    }

    @Test
    void refusals_do_not_fill_the_table() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = guarded(engine)) {
            Client client = Client.of(dashboard).token(READER);
            for (int i = 0; i < 70; i++) {
                assertThat(client.post(EXECUTIONS, "{}").statusCode()).isEqualTo(403);
            }
            assertThat(entries(engine)).hasSize(60);
        }
    }

    @Test
    void hostile_names_are_stored_and_shown_harmlessly() {
        ServerSettings asks = ServerSettings.defaults()
                .authenticator(request -> Optional.of(new User("<script>alert(1)</script>", Role.ADMIN)));
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard =
                        Dashboard.on(engine).port(0).settings(asks).start()) {
            Client client = Client.of(dashboard).with("Authorization", "Bearer any");
            for (String name : List.of("%00", "%0a", "%20", "%ED%A0%80", "%22%3E%3Cscript%3E", "x".repeat(2_000))) {
                assertThat(client.send("DELETE", "/api/v1/schedules/" + name, null)
                                .statusCode())
                        .isIn(400, 404);
            }
            assertThat(entries(engine))
                    .allSatisfy(entry -> assertThat(entry.status()).isIn(400, 404));
            assertThat(client.get("/audit").body()).doesNotContain("<script>").contains("&lt;script&gt;");
            for (String wrong : List.of("limit=0", "limit=501", "before=x", "colour=red", "user=%00")) {
                assertThat(client.get(AUDIT + "?" + wrong).statusCode()).isEqualTo(400);
            }
        }
    }
}
