package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.HookSignature;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Hooks;
import io.cloacina.engine.model.AesGcmCodec;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;

/** Which deliveries are accepted, and what they submit. */
@Timeout(60)
class HooksTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final byte[] BODY =
            bytes("{\"id\": \"evt_1\", \"order\": {\"id\": 42, \"total\": 1.10}, \"tags\": [\"a\"]}");
    private static final WorkflowDefinition BUILD =
            WorkflowDefinition.named("build").task("compile", context -> {}).build();

    private static TestEngine start(TestDatabase database) {
        return TestEngine.on(database.url()).workflow(BUILD).start();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] code(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] code) {
        return HexFormat.of().formatHex(code);
    }

    private static Map<String, String> headers(String... namesAndValues) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static Map<String, String> github(String delivery, byte[] body) {
        return headers(
                "x-hub-signature-256", "sha256=" + hex(code(bytes(SECRET), body)), "x-github-delivery", delivery);
    }

    private static String stripe(long seconds, byte[] body) {
        return "t=" + seconds + ",v1=" + hex(code(bytes(SECRET), bytes(seconds + "."), body)) + ",v0=ignored";
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo(code))
                .message()
                .doesNotContain(SECRET);
    }

    @DatabaseTest
    void a_delivery_as_github_signs_it_submits_its_workflow_once(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Hooks hooks = engine.engine().hooks();
            hooks.put(Hook.of("shop", "build", HookSignature.GITHUB), SECRET);

            Submission submission = hooks.accept("shop", github("d-1", BODY)::get, BODY);
            UUID first = engine.engine().submit(submission);
            UUID again = engine.engine().submit(hooks.accept("shop", github("d-1", BODY)::get, BODY));
            UUID other = engine.engine().submit(hooks.accept("shop", github("d-2", BODY)::get, BODY));

            assertThat(submission.workflow()).isEqualTo("build");
            assertThat(submission.idempotencyKey()).contains("hook:shop:d-1");
            assertThat(submission.input().toString())
                    .isEqualTo("{body={id=evt_1, order={id=42, total=1.10}, tags=[a]}}");
            assertThat(again).isEqualTo(first);
            assertThat(other).isNotEqualTo(first);
        }
    }

    /** The example of GitHub's page "Validating webhook deliveries"; its body is not JSON, which is noticed after the signature. */
    @DatabaseTest
    void the_example_of_github_is_signed(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Hooks hooks = engine.engine().hooks();
            hooks.put(Hook.of("g", "build", HookSignature.GITHUB), "It's a Secret to Everybody");
            Map<String, String> headers = headers(
                    "X-Hub-Signature-256",
                    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                    "X-GitHub-Delivery",
                    "1");
            assertRefused("HOOK_DELIVERY", () -> hooks.accept("g", headers::get, bytes("Hello, World!")));
            assertRefused("HOOK_SIGNATURE", () -> hooks.accept("g", headers::get, bytes("Hello, World?")));
        }
    }

    @DatabaseTest
    void a_delivery_as_stripe_signs_it_has_the_id_of_its_event_and_is_not_old(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Hooks hooks = engine.engine().hooks();
            hooks.put(
                    new Hook(
                            "paid",
                            "build",
                            HookSignature.STRIPE,
                            Map.of("order", "/order/id", "total", "/order/total", "first", "/tags/0", "none", "/x/y")),
                    SECRET);
            long now = engine.clock().instant().getEpochSecond();
            Map<String, String> headers = headers("Stripe-Signature", stripe(now, BODY));

            Submission submission = hooks.accept("paid", headers::get, BODY);
            assertThat(submission.idempotencyKey()).contains("hook:paid:evt_1");
            assertThat(new TreeMap<>(submission.input()).toString()).isEqualTo("{first=a, order=42, total=1.10}");

            engine.advance(Duration.ofMinutes(5));
            hooks.accept("paid", headers::get, BODY);
            engine.advance(Duration.ofSeconds(1));
            assertRefused("HOOK_SIGNATURE", () -> hooks.accept("paid", headers::get, BODY));
            byte[] withoutId = bytes("{}");
            long later = engine.clock().instant().getEpochSecond();
            assertRefused(
                    "HOOK_DELIVERY",
                    () -> hooks.accept("paid", headers("Stripe-Signature", stripe(later, withoutId))::get, withoutId));
            for (String wrong : List.of(
                    "",
                    "t=" + later,
                    "v1=" + hex(code(bytes(SECRET), BODY)),
                    "t=1e9,v1=0",
                    "t=99999999999999999999,v1=0",
                    "t=" + Long.MAX_VALUE + ",v1=",
                    stripe(later, withoutId),
                    stripe(later + 301, BODY))) {
                assertRefused(
                        "HOOK_SIGNATURE", () -> hooks.accept("paid", headers("Stripe-Signature", wrong)::get, BODY));
            }
        }
    }

    /** The example of the specification Standard Webhooks, of which only the time is another. */
    @DatabaseTest
    void a_delivery_as_standard_webhooks_signs_it_has_its_id_and_time_in_headers(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Hooks hooks = engine.engine().hooks();
            String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
            hooks.put(Hook.of("s", "build", HookSignature.STANDARD), secret);
            byte[] key = Base64.getDecoder().decode(secret.substring(6));
            String time = String.valueOf(engine.clock().instant().getEpochSecond());
            String id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
            String signature = Base64.getEncoder().encodeToString(code(key, bytes(id + "." + time + "."), BODY));
            Map<String, String> headers = headers(
                    "webhook-id", id, "webhook-timestamp", time, "webhook-signature", "v1a,x v1,AAAA v1," + signature);

            assertThat(hooks.accept("s", headers::get, BODY).idempotencyKey()).contains("hook:s:" + id);
            for (String changed : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
                Map<String, String> other = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                other.putAll(headers);
                other.merge(changed, "1", (before, one) -> before + one);
                assertRefused("HOOK_SIGNATURE", () -> hooks.accept("s", other::get, BODY));
                other.remove(changed);
                assertThatThrownBy(() -> hooks.accept("s", other::get, BODY)).isInstanceOf(CloacinaException.class);
            }
        }
    }

    @DatabaseTest
    void what_is_not_signed_or_cannot_be_read_is_refused_with_a_code(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Hooks hooks = engine.engine().hooks();
            hooks.put(Hook.of("shop", "build", HookSignature.GITHUB), SECRET);
            assertRefused("UNKNOWN_HOOK", () -> hooks.accept("shap", github("1", BODY)::get, BODY));
            assertRefused("HOOK_SIGNATURE", () -> hooks.accept("shop", new HashMap<String, String>()::get, BODY));
            assertRefused("HOOK_SIGNATURE", () -> hooks.accept("shop", github("1", bytes("{}"))::get, BODY));
            assertRefused(
                    "HOOK_SIGNATURE",
                    () -> hooks.accept(
                            "shop",
                            headers("X-Hub-Signature-256", hex(code(bytes(SECRET), BODY)), "X-GitHub-Delivery", "1")
                                    ::get,
                            BODY));
            assertRefused(
                    "HOOK_SIGNATURE",
                    () -> hooks.accept(
                            "shop",
                            headers(
                                    "X-Hub-Signature-256",
                                    ("sha256=" + hex(code(bytes(SECRET), BODY))).toUpperCase(Locale.ROOT),
                                    "X-GitHub-Delivery",
                                    "1")::get,
                            BODY));
            assertRefused("HOOK_DELIVERY", () -> hooks.accept("shop", github(" ", BODY)::get, BODY));
            for (String body : List.of("", " ", "{", "{} {}", "{\"a\": 1, \"a\": 2}", "\u0000", "[".repeat(100_000))) {
                assertRefused("HOOK_DELIVERY", () -> hooks.accept("shop", github("1", bytes(body))::get, bytes(body)));
            }
            String odd = "\u00e4 ".repeat(400);
            assertThat(hooks.accept("shop", github(odd, BODY)::get, BODY)
                            .idempotencyKey()
                            .orElseThrow())
                    .startsWith("hook:shop:sha256:")
                    .hasSizeLessThan(200);
        }
    }

    @DatabaseTest
    void a_hook_is_stored_changed_without_its_secret_and_deleted(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Hooks hooks = engine.engine().hooks();
            Hook hook = Hook.of("shop / ä", "build", HookSignature.GITHUB);
            assertRefused("UNKNOWN_HOOK", () -> hooks.change(hook));
            assertRefused("UNKNOWN_WORKFLOW", () -> hooks.put(Hook.of("a", "none", HookSignature.GITHUB), SECRET));
            for (String wrong :
                    List.of("", "short", "x".repeat(501), SECRET + " ", SECRET + "\n", " " + SECRET, "ä".repeat(20))) {
                assertRefused("INVALID_HOOK", () -> hooks.put(hook, wrong));
            }
            assertRefused(
                    "INVALID_HOOK",
                    () -> hooks.put(Hook.of("a", "build", HookSignature.STANDARD), "whsec_not-Base64!!!!!"));
            hooks.put(hook, "another-" + SECRET);
            hooks.put(hook, SECRET);
            Hook changed = new Hook("shop / ä", "build", HookSignature.GITHUB, Map.of("a/b", "/~0~1", "all", ""));
            hooks.change(changed);

            assertThat(hooks.list()).containsExactly(changed);
            assertThat(hooks.find("shop / ä")).contains(changed);
            hooks.accept("shop / ä", github("1", BODY)::get, BODY);
            assertThat(hooks.delete("shop / ä")).isTrue();
            assertThat(hooks.delete("shop / ä")).isFalse();
            assertThat(hooks.find("shop / ä")).isEmpty();
        }
    }

    @DatabaseTest
    void a_secret_is_stored_as_the_payload_codec_encodes_it(TestDatabase database) {
        AesGcmCodec codec = AesGcmCodec.of(new byte[32], "k1", new byte[32]);
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(BUILD)
                .configure(builder -> builder.payloadCodec(codec))
                .start()) {
            engine.engine().hooks().put(Hook.of("shop", "build", HookSignature.GITHUB), SECRET);
            assertThat(Rows.texts(database, "SELECT secret FROM hooks"))
                    .singleElement()
                    .asString()
                    .doesNotContain(SECRET);
            engine.engine().hooks().accept("shop", github("1", BODY)::get, BODY);
        }
        try (TestEngine engine = start(database)) {
            assertThat(engine.engine().hooks().list()).hasSize(1);
            assertRefused(
                    "PAYLOAD_UNREADABLE", () -> engine.engine().hooks().accept("shop", github("1", BODY)::get, BODY));
        }
    }
}
