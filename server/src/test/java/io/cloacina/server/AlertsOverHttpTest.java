package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.server.access.Role;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Alerts and webhooks over HTTP and on their pages; when messages are sent is tested with the engine. */
@Timeout(60)
class AlertsOverHttpTest {
    private static final String ADMIN = "admin-0123456789abcdef";
    private static final String OPERATOR = "operator-0123456789abcdef";
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String ONE = "/api/v1/alerts/stuck";
    private static final String RULE = "{\"kind\": \"oldest-ready\", \"url\": \"http://127.0.0.1:9/x\","
            + " \"duration\": \"15m\", \"secret\": \"" + SECRET + "\"}";
    private static final ServerSettings TOKENS =
            ServerSettings.defaults().token("ada", Role.ADMIN, ADMIN).token("otto", Role.OPERATE, OPERATOR);

    private static HttpResponse<String> put(Client client, String rule) {
        return client.with("Content-Type", "application/json").send("PUT", ONE, rule);
    }

    @DatabaseTest
    void an_administrator_stores_switches_tests_and_deletes_alerts_and_no_secret_is_shown(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).alerts().start();
                Dashboard dashboard =
                        Dashboard.on(engine).port(0).settings(TOKENS).start()) {
            Client admin = Client.of(dashboard).token(ADMIN);
            HttpResponse<String> stored = put(admin, RULE);
            assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
            assertThat(stored.body()).contains("\"signed\":true", "PT15M").doesNotContain(SECRET);
            assertThat(put(admin, RULE.replace("15m", "20m").replace(", \"secret\": \"" + SECRET + "\"", ""))
                            .body())
                    .contains("\"signed\":true", "PT20M");
            assertThat(admin.get("/api/v1/alerts").body())
                    .contains("stuck", "\"evaluated\":true")
                    .doesNotContain(SECRET);
            for (String bad :
                    List.of(RULE.replace("http:", "file:"), RULE.replace(SECRET, "short"), RULE.replace("15m", "0s"))) {
                HttpResponse<String> refused = put(admin, bad);
                assertThat(Client.code(refused)).isEqualTo("INVALID_ALERT");
                assertThat(refused.body()).doesNotContain(SECRET);
            }
            assertThat(admin.post(ONE + "/disable", "").body()).contains("\"enabled\":false");
            assertThat(admin.post(ONE + "/enable", "").body()).contains("\"enabled\":true");
            HttpResponse<String> test = admin.post(ONE + "/test", "");
            assertThat(test.statusCode()).isEqualTo(201);
            UUID id = UUID.fromString(Client.json(test).path("execution").asText());
            assertThat(Client.header(test, "Location")).isEqualTo("/api/v1/executions/" + id);
            assertThat(engine.find(id)).isPresent();
            assertThat(engine.audit().list(AuditQuery.all().about("stuck")))
                    .hasSize(8)
                    .first()
                    .satisfies(entry -> {
                        assertThat(entry.change().action()).isEqualTo("POST /api/v1/alerts/{name}/test");
                        assertThat(entry.change().user()).isEqualTo("ada");
                    });

            Client operator = Client.of(dashboard).token(OPERATOR);
            for (Client other : List.of(Client.of(dashboard), operator)) {
                assertThat(other.get(ONE).statusCode()).isIn(401, 403);
                assertThat(put(other, RULE).statusCode()).isIn(401, 403);
                assertThat(other.post(ONE + "/test", "").statusCode()).isIn(401, 403);
                assertThat(other.send("DELETE", ONE, null).statusCode()).isIn(401, 403);
            }
            for (String page : List.of("/alerts", "/hooks")) {
                assertThat(admin.get(page).statusCode()).isEqualTo(200);
                assertThat(admin.get(page).body()).doesNotContain(SECRET);
                assertThat(operator.get(page).statusCode()).isEqualTo(403);
                assertThat(operator.get("/").body()).doesNotContain("href=\"" + page + "\"");
            }
            assertThat(admin.send("DELETE", ONE, null).statusCode()).isEqualTo(204);
            assertThat(Client.code(admin.get(ONE))).isEqualTo("UNKNOWN_ALERT");
        }
    }

    @Test
    void a_server_that_hides_data_hides_the_url_and_one_that_only_shows_stores_nothing() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard only = Dashboard.on(engine)
                        .port(0)
                        .settings(TOKENS.hideData(true).readOnly(true))
                        .start()) {
            Client admin = Client.of(only).token(ADMIN);
            engine.alerts().put(AlertRule.stranded("stuck", "https://hooks.example.com/T0/secret-path", 0));
            assertThat(Client.json(admin.get(ONE)).path("url").asText()).isEqualTo("hidden");
            for (String path : List.of(ONE, "/api/v1/alerts", "/alerts")) {
                assertThat(admin.get(path).body()).contains("stuck").doesNotContain("secret-path");
            }
            assertThat(admin.get("/alerts").body()).contains("hooks.example.com");
            for (HttpResponse<String> refused :
                    List.of(put(admin, RULE), admin.post(ONE + "/test", ""), admin.send("DELETE", ONE, null))) {
                assertThat(Client.code(refused)).isEqualTo("READ_ONLY");
            }
            assertThat(engine.alerts().list()).hasSize(1);
        }
    }

    @Test
    void numbers_and_names_that_cannot_be_are_refused_and_a_name_that_is_odd_can_be_deleted() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard =
                        Dashboard.on(engine).port(0).settings(TOKENS).start()) {
            Client admin = Client.of(dashboard).token(ADMIN).with("Content-Type", "application/json");
            for (String executions :
                    List.of("-1", "1001", "1e400", "NaN", "0.5", "\"7\"", "99999999999", "[]", "true")) {
                String rule = "{\"kind\": \"stranded\", \"url\": \"http://a/\", \"executions\": " + executions + "}";
                assertThat(admin.send("PUT", ONE, rule).statusCode()).as(rule).isEqualTo(400);
            }
            for (String duration : List.of("-5m", "0s", "99999999999999d", "P-1D", "soon", "36501d")) {
                assertThat(admin.send("PUT", ONE, RULE.replace("15m", duration)).statusCode())
                        .as(duration)
                        .isEqualTo(400);
            }
            assertThat(engine.alerts().list()).isEmpty();
            String longest = "n".repeat(100);
            for (String name : List.of("a%2Fb", "%3Cscript%3E", "a%20b", "%2Bx%3Fy%23z", "%C3%BC", longest)) {
                String one = "/api/v1/alerts/" + name;
                assertThat(admin.send("PUT", one, RULE).statusCode()).as(name).isEqualTo(200);
                assertThat(admin.get("/alerts").body()).doesNotContain("<script>alert", "<td class=\"name\"><script");
                assertThat(admin.send("DELETE", one, null).statusCode())
                        .as(name)
                        .isEqualTo(204);
            }
            for (String name : List.of("%00", "%0A", "%20", longest + "n", "%ED%A0%80")) {
                assertThat(admin.send("PUT", "/api/v1/alerts/" + name, RULE).statusCode())
                        .as(name)
                        .isEqualTo(400);
            }
        }
    }
}
