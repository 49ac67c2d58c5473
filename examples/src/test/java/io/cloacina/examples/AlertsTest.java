package io.cloacina.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.HookSignature;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Hook;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the how-to on alerts says. */
@Timeout(60)
class AlertsTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final WorkflowDefinition BROKEN = WorkflowDefinition.named("broken")
            .task("break", context -> {
                throw new IllegalStateException("broken");
            })
            .build();

    private record Delivery(Map<String, String> headers, String body) {}

    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final List<Integer> answers = new CopyOnWriteArrayList<>();
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::receive);
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            Map<String, String> headers = Map.of(
                    "X-Hub-Signature-256", exchange.getRequestHeaders().getFirst("X-Hub-Signature-256"),
                    "X-GitHub-Delivery", exchange.getRequestHeaders().getFirst("X-GitHub-Delivery"));
            deliveries.add(new Delivery(headers, body));
            int answer = answers.isEmpty() ? 204 : answers.remove(0);
            if (answer == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(answer, -1);
        }
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/alerts");
    }

    private TestEngine start(TestDatabase database, ManualClock clock) {
        CompletableFuture<Engine> started = new CompletableFuture<>();
        TestEngine engine = TestEngine.on(database.url())
                .clock(clock)
                .workflow(BROKEN)
                .workflow(new Alerts.Watch(started::join))
                .workflow(new Alerts.Alert(address(), SECRET))
                .start();
        started.complete(engine.engine());
        return engine;
    }

    private static void failThrice(TestEngine engine) {
        for (int i = 0; i < 3; i++) {
            assertThat(engine.run("broken").status()).isEqualTo(ExecutionStatus.FAILED);
        }
    }

    @DatabaseTest
    void a_problem_is_told_once_an_hour_and_again_until_the_receiver_accepts_it(TestDatabase database) {
        ManualClock clock = new ManualClock(Instant.parse("2026-07-01T20:00:30Z"));
        try (TestEngine engine = start(database, clock)) {
            engine.advance(Duration.ofMinutes(1));
            assertThat(deliveries).isEmpty();

            failThrice(engine);
            answers.addAll(List.of(500, 302));
            engine.advance(Duration.ofMinutes(1));
            assertThat(deliveries).hasSize(1);
            engine.advance(Duration.ofSeconds(5));
            engine.advance(Duration.ofSeconds(10));
            assertThat(deliveries).hasSize(3);

            engine.run("watch"); // as after a crash between its submission and its commit
            engine.advance(Duration.ofMinutes(1));
            assertThat(deliveries).hasSize(3);
            assertThat(deliveries)
                    .extracting(Delivery::headers)
                    .containsOnly(deliveries.get(0).headers());

            clock.advance(Duration.ofHours(2));
            failThrice(engine);
            engine.advance(Duration.ofMinutes(1));
            assertThat(deliveries).hasSizeGreaterThan(3);
        }
    }

    @DatabaseTest
    void a_hook_of_another_engine_accepts_an_alert(TestDatabase database) {
        ManualClock clock = new ManualClock(Instant.parse("2026-07-01T20:00:30Z"));
        try (TestEngine engine = start(database, clock)) {
            failThrice(engine);
            engine.advance(Duration.ofMinutes(1));
            engine.engine().hooks().put(Hook.of("alerts", "broken", HookSignature.GITHUB), SECRET);

            Delivery delivery = deliveries.get(0);
            assertThat(engine.engine()
                            .hooks()
                            .accept(
                                    "alerts",
                                    delivery.headers()::get,
                                    delivery.body().getBytes(UTF_8))
                            .input()
                            .toString())
                    .contains("FAILING", "3 executions failed within an hour");
        }
    }

    @DatabaseTest
    void an_engine_that_watches_starts_and_has_both_workflows(TestDatabase database) {
        try (Engine engine = Alerts.start(database.url(), address(), SECRET)) {
            assertThat(engine.schedules().find("watch")).isPresent();
        }
    }
}
