package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.server.access.Role;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Webhooks over HTTP; the forms of signatures are tested with the engine. */
@Timeout(60)
class HookDeliveriesTest {
    private static final String ADMIN = "admin-0123456789abcdef";
    private static final String OPERATOR = "operator-0123456789abcdef";
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String HOOK = "/api/v1/hooks/shop";
    private static final String RULE = "{\"workflow\": \"greet\", \"signature\": \"github\", \"secret\": \"" + SECRET
            + "\", \"input\": {\"order\": \"/order/id\"}}";
    private static final ServerSettings TOKENS =
            ServerSettings.defaults().token("ada", Role.ADMIN, ADMIN).token("otto", Role.OPERATE, OPERATOR);

    private static Client signed(Client client, String delivery, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String code = HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
            return client.with("X-Hub-Signature-256", "sha256=" + code).with("X-GitHub-Delivery", delivery);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpResponse<String> put(Client client, String path, String rule) {
        return client.with("Content-Type", "application/json").send("PUT", path, rule);
    }

    @DatabaseTest
    void a_signed_delivery_needs_no_token_and_submits_once(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard =
                        Dashboard.on(engine).port(0).settings(TOKENS).start()) {
            Client client = Client.of(dashboard);
            HttpResponse<String> stored = put(client.token(ADMIN), HOOK, RULE);
            assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
            assertThat(stored.body()).doesNotContain(SECRET);

            String body = "{\"order\": {\"id\": 42}}";
            HttpResponse<String> first = signed(client, "d-1", body).post(HOOK, body);
            HttpResponse<String> again = signed(client, "d-1", body).post(HOOK, body);
            assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
            assertThat(again.body()).isEqualTo(first.body());
            UUID id = UUID.fromString(Client.json(first).path("execution").asText());
            assertThat(Client.header(first, "Location")).isEqualTo("/api/v1/executions/" + id);
            engine.await(id);
            assertThat(engine.context(id).get("order", Integer.class)).isEqualTo(42);
            assertThat(engine.list(ExecutionQuery.all())).hasSize(1);

            assertThat(engine.audit().list(AuditQuery.all().about("shop")))
                    .hasSize(3)
                    .first()
                    .satisfies(entry -> {
                        assertThat(entry.change().user()).isEqualTo("hook shop");
                        assertThat(entry.change().role()).isNull();
                        assertThat(entry.change().action()).isEqualTo("POST /api/v1/hooks/{name}");
                        assertThat(entry.made()).isEqualTo(id.toString());
                    });
            assertThat(client.token(ADMIN).get("/audit").body()).contains("hook shop");
        }
    }

    @Test
    void what_is_not_signed_leaves_nothing_behind() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard =
                        Dashboard.on(engine).port(0).settings(TOKENS).start()) {
            Client client = Client.of(dashboard);
            put(client.token(ADMIN), HOOK, RULE);
            HttpResponse<String> refused = signed(client, "1", "{}").post(HOOK, "{\"a\": 1}");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(Client.code(refused)).isEqualTo("HOOK_SIGNATURE");
            assertThat(Client.code(client.token(ADMIN).post(HOOK, "{}"))).isEqualTo("HOOK_SIGNATURE");
            assertThat(client.post("/api/v1/hooks/none", "{}").statusCode()).isEqualTo(404);
            String large = "[" + " ".repeat(1 << 20) + "]";
            assertThat(Client.code(signed(client, "1", large).post(HOOK, large)))
                    .isEqualTo("BODY_TOO_LARGE");
            assertThat(Client.code(signed(client, "1", "{").post(HOOK, "{"))).isEqualTo("HOOK_DELIVERY");
            String text = "{\"order\": {\"id\": 1}}";
            assertThat(Client.code(signed(client, "1", text)
                            .with("Origin", "https://evil.example")
                            .post(HOOK, text)))
                    .isEqualTo("FOREIGN_ORIGIN");

            assertThat(engine.list(ExecutionQuery.all())).isEmpty();
            assertThat(engine.audit().list(AuditQuery.all())).hasSize(1);
        }
    }

    @Test
    void only_admins_see_and_change_the_rules_and_nobody_sees_a_secret() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard =
                        Dashboard.on(engine).port(0).settings(TOKENS).start()) {
            Client client = Client.of(dashboard);
            Client admin = client.token(ADMIN);
            assertThat(Client.code(put(admin, HOOK, RULE.replace("\"secret\"", "\"secrets\""))))
                    .isEqualTo("MALFORMED_REQUEST");
            assertThat(Client.code(put(admin, HOOK, "{\"workflow\": \"greet\", \"signature\": \"github\"}")))
                    .isEqualTo("UNKNOWN_HOOK");
            assertThat(Client.code(put(admin, HOOK, RULE.replace("/order/id", "order"))))
                    .isEqualTo("INVALID_HOOK");
            assertThat(Client.code(put(admin, HOOK, RULE.replace("github", "md5"))))
                    .isEqualTo("MALFORMED_REQUEST");
            put(admin, HOOK, RULE);
            for (Client other : List.of(client.token(OPERATOR), client)) {
                assertThat(other.get(HOOK).statusCode()).isIn(401, 403);
                assertThat(other.get("/api/v1/hooks").statusCode()).isIn(401, 403);
                assertThat(put(other, HOOK, RULE).statusCode()).isIn(401, 403);
                assertThat(other.send("DELETE", HOOK, null).statusCode()).isIn(401, 403);
            }
            assertThat(admin.get(HOOK).body())
                    .contains("\"order\":\"/order/id\"")
                    .doesNotContain(SECRET);
            assertThat(admin.get("/api/v1/hooks").body()).contains("shop").doesNotContain(SECRET);
            assertThat(admin.get("/api/v1/audit").body()).doesNotContain(SECRET);
            assertThat(admin.send("DELETE", HOOK, null).statusCode()).isEqualTo(204);
            assertThat(Client.code(admin.get(HOOK))).isEqualTo("UNKNOWN_HOOK");
        }
    }

    @Test
    void a_server_that_only_shows_refuses_deliveries() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start();
                Dashboard only = Dashboard.on(engine)
                        .port(0)
                        .settings(TOKENS.readOnly(true))
                        .start()) {
            put(Client.of(dashboard), HOOK, RULE);
            assertThat(Client.code(signed(Client.of(only), "1", "{}").post(HOOK, "{}")))
                    .isEqualTo("READ_ONLY");
            assertThat(engine.list(ExecutionQuery.all())).isEmpty();
        }
    }
}
