package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cloacina.api.AlertKind;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.HookSignature;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Alerts;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.AesGcmCodec;
import io.cloacina.engine.model.Alert;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When messages of alerts are sent, and how they arrive. */
@Timeout(120)
class AlertRulesTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Instant BEGIN = Instant.parse("2026-07-01T20:00:00Z");
    private static final WorkflowDefinition FINE =
            WorkflowDefinition.named("fine").task("work", context -> {}).build();
    private static final WorkflowDefinition BROKEN = WorkflowDefinition.named("broken")
            .task("work", context -> {
                throw new IllegalStateException("broken");
            })
            .build();

    /** An answer that accepts, whose body never ends. */
    private static final int ENDLESS = 2_000;
    /** An answer that accepts, and is cut off in its body. */
    private static final int CUT = 2_001;

    private record Delivery(Map<String, String> headers, String body) {
        boolean has(String field, String value) {
            return body.contains("\"" + field + "\":\"" + value + "\"");
        }

        String id() {
            return headers.getOrDefault("webhook-id", "");
        }
    }

    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final List<Integer> answers = new CopyOnWriteArrayList<>();
    private final ExecutorService answering = Executors.newCachedThreadPool();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger mostHeld = new AtomicInteger();
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(answering);
        receiver.createContext("/", this::receive);
        receiver.createContext("/hangs", this::hang);
        receiver.start();
    }

    @AfterEach
    void stop() {
        released.countDown();
        receiver.stop(0);
        answering.shutdownNow();
    }

    private void hang(HttpExchange exchange) {
        try (exchange) {
            mostHeld.accumulateAndGet(held.incrementAndGet(), Math::max);
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            held.decrementAndGet();
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            deliveries.add(new Delivery(headers, body));
            paths.add(exchange.getRequestURI().getRawPath());
            int answer = answers.isEmpty() ? 204 : answers.remove(0);
            if (answer == ENDLESS || answer == CUT) {
                exchange.sendResponseHeaders(200, answer == CUT ? 1_000 : 0);
                do {
                    exchange.getResponseBody().write(new byte[500]);
                } while (answer == ENDLESS); // until the sender has gone
                return;
            }
            if (answer == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(answer, -1);
        }
    }

    private String url() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/alerts";
    }

    private static TestEngine start(TestDatabase database, ManualClock clock, WorkflowDefinition... workflows) {
        TestEngine.Builder builder = TestEngine.on(database.url()).clock(clock).configure(engine -> engine.alerts());
        for (WorkflowDefinition each : workflows) {
            builder.workflow(each);
        }
        return builder.start();
    }

    private static TestEngine start(TestDatabase database) {
        return start(database, new ManualClock(BEGIN), FINE, BROKEN);
    }

    private static Alert alert(TestEngine engine, String name) {
        return engine.engine().alerts().find(name).orElseThrow();
    }

    private static List<Execution> sent(TestEngine engine) {
        return engine.engine().list(ExecutionQuery.all().workflow(AlertRule.DELIVERY));
    }

    private static void assertRefused(String code, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message)
                .message()
                .doesNotContain(SECRET);
    }

    private AlertRule failures(int percent, int atLeast) {
        return AlertRule.failureRate("failing", url(), "broken", percent, atLeast, Duration.ofHours(1));
    }

    @DatabaseTest
    void a_rate_of_failures_fires_once_and_is_resolved_when_the_failures_are_old(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            engine.engine().alerts().put(failures(50, 3));
            engine.run("broken");
            engine.run("broken");
            engine.tick();
            assertThat(deliveries).isEmpty();

            engine.run("broken");
            engine.tick();
            engine.tick();
            assertThat(deliveries).singleElement().satisfies(delivery -> {
                assertThat(delivery.has("state", "firing")).isTrue();
                assertThat(delivery.has("alert", "failing")).isTrue();
                assertThat(delivery.has("kind", "failure-rate")).isTrue();
                assertThat(delivery.body())
                        .contains("3 of 3 executions of workflow 'broken' that ended within 1h failed");
                assertThat(delivery.headers()).doesNotContainKey("webhook-signature");
            });
            assertThat(alert(engine, "failing").firingSince()).isEqualTo(BEGIN);

            engine.advance(Duration.ofMinutes(61));
            assertThat(deliveries).hasSize(2);
            assertThat(deliveries.get(1).has("state", "resolved")).isTrue();
            assertThat(deliveries.get(1).id()).isNotEqualTo(deliveries.get(0).id());
            assertThat(alert(engine, "failing").isFiring()).isFalse();
            assertThat(alert(engine, "failing").lastDelivery())
                    .hasToString(deliveries.get(1).id());
        }
    }

    @DatabaseTest
    void a_rate_of_all_workflows_does_not_count_the_deliveries(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            answers.addAll(List.of(404, 404, 404));
            Alerts alerts = engine.engine().alerts();
            alerts.put(AlertRule.oldestReady("other", url(), Duration.ofDays(1)));
            for (int i = 0; i < 3; i++) {
                UUID test = alerts.test("other");
                engine.tick();
                assertThat(engine.execution(test).status()).isEqualTo(ExecutionStatus.FAILED);
            }
            alerts.put(AlertRule.failureRate("failing", url(), null, 0, 1, Duration.ofHours(1)));
            engine.tick();
            assertThat(alert(engine, "failing").isFiring()).isFalse();
            assertThat(deliveries).hasSize(3);
        }
    }

    @DatabaseTest
    void a_task_that_is_ready_for_long_fires_until_it_runs(TestDatabase database) {
        ManualClock clock = new ManualClock(BEGIN);
        try (TestEngine engine = start(database, clock);
                Engine client = Engine.builder(database.url())
                        .clock(clock)
                        .workflow(FINE)
                        .client()
                        .start()) {
            engine.engine().alerts().put(AlertRule.oldestReady("ready", url(), Duration.ofMinutes(10)));
            client.submit(Submission.of("fine"));
            engine.advance(Duration.ofMinutes(10));
            assertThat(deliveries).isEmpty();

            engine.advance(Duration.ofSeconds(1));
            assertThat(deliveries)
                    .singleElement()
                    .satisfies(delivery ->
                            assertThat(delivery.body()).contains("a task has been ready since", "longer than 10m"));
            try (TestEngine other =
                    TestEngine.on(database.url()).clock(clock).workflow(FINE).start()) {
                other.tick();
            }
            engine.tick();
            assertThat(deliveries).hasSize(2);
            assertThat(deliveries.get(1).has("state", "resolved")).isTrue();
        }
    }

    @DatabaseTest
    void executions_of_a_version_that_nobody_has_fire_until_somebody_has_it(TestDatabase database) {
        ManualClock clock = new ManualClock(BEGIN);
        try (TestEngine engine = start(database, clock);
                Engine client = Engine.builder(database.url())
                        .clock(clock)
                        .workflow(FINE)
                        .client()
                        .start()) {
            engine.engine().alerts().put(AlertRule.stranded("stranded", url(), 1));
            client.submit(Submission.of("fine"));
            engine.tick();
            assertThat(deliveries).isEmpty();

            client.submit(Submission.of("fine"));
            engine.tick();
            assertThat(deliveries)
                    .singleElement()
                    .satisfies(delivery -> assertThat(delivery.body())
                            .contains("2 unfinished executions have a version that no live runner has: fine@"));
            try (TestEngine other =
                    TestEngine.on(database.url()).clock(clock).workflow(FINE).start()) {
                engine.tick();
                assertThat(other.engine().isRunning()).isTrue();
            }
            assertThat(deliveries).hasSize(2);
            assertThat(deliveries.get(1).has("state", "resolved")).isTrue();
        }
    }

    @DatabaseTest
    void a_schedule_that_nobody_fires_is_told_of(TestDatabase database) {
        ManualClock clock = new ManualClock(BEGIN);
        try (TestEngine engine = start(database, clock)) {
            try (TestEngine other =
                    TestEngine.on(database.url()).clock(clock).workflow(FINE).start()) {
                other.engine().schedules().put(Schedule.of("hourly", "fine").cron("0 * * * *"));
            }
            engine.engine().alerts().put(AlertRule.scheduleLate("late", url(), Duration.ofMinutes(5)));
            engine.advance(Duration.ofMinutes(65));
            assertThat(deliveries).isEmpty();

            engine.advance(Duration.ofSeconds(1));
            assertThat(deliveries)
                    .singleElement()
                    .satisfies(
                            delivery -> assertThat(delivery.body()).contains("schedule 'hourly' should have fired at"));
            engine.engine().schedules().disable("hourly");
            engine.tick();
            assertThat(deliveries).hasSize(2);
        }
    }

    @DatabaseTest
    void each_end_that_a_rule_is_about_is_told_of_once(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Alerts alerts = engine.engine().alerts();
            AlertRule rule = AlertRule.executionEnded("ends", url(), "broken", Set.of(ExecutionStatus.FAILED));
            assertRefused("EVENTS_OFF", "events().enable()", () -> alerts.put(rule));
            engine.engine().events().enable();
            engine.run("broken"); // before the rule
            engine.advance(Duration.ofSeconds(1));
            alerts.put(rule);
            alerts.put(AlertRule.executionEnded("all", url(), null, AlertRule.ENDS));
            UUID first = engine.run("broken").id();
            UUID second = engine.run("broken").id();
            UUID fine = engine.run("fine").id();
            engine.advance(Duration.ofSeconds(3));
            engine.advance(Duration.ofSeconds(3));
            engine.advance(Duration.ofSeconds(3));

            assertThat(deliveries.stream().filter(each -> each.has("alert", "ends")))
                    .hasSize(2)
                    .anyMatch(each -> each.has("id", first.toString()) && each.has("status", "Failed"))
                    .anyMatch(each -> each.has("id", second.toString()) && each.has("state", "ended"));
            assertThat(deliveries.stream().filter(each -> each.has("alert", "all")))
                    .hasSize(3)
                    .anyMatch(each -> each.has("id", fine.toString()) && each.has("status", "Completed"));
            assertThat(deliveries).extracting(Delivery::id).doesNotHaveDuplicates();
            assertThat(sent(engine)).hasSize(5);
        }
    }

    @DatabaseTest
    void more_ends_than_fit_into_a_transaction_are_all_told_of(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            engine.engine().events().enable();
            engine.engine().alerts().put(AlertRule.executionEnded("ends", url(), "fine", AlertRule.ENDS));
            engine.engine()
                    .submitAll(Stream.generate(() -> Submission.of("fine"))
                            .limit(120)
                            .toList());
            engine.tick();
            engine.advance(Duration.ofSeconds(3));
            assertThat(deliveries).hasSize(120).extracting(Delivery::id).doesNotHaveDuplicates();
        }
    }

    @DatabaseTest
    void two_engines_that_evaluate_send_once(TestDatabase database) {
        ManualClock clock = new ManualClock(BEGIN);
        try (TestEngine one = start(database, clock, FINE, BROKEN);
                TestEngine other = start(database, clock, FINE, BROKEN)) {
            one.engine().events().enable();
            one.engine().alerts().put(failures(0, 1));
            one.engine().alerts().put(AlertRule.executionEnded("ends", url(), "broken", AlertRule.ENDS));
            one.run("broken");
            clock.advance(Duration.ofSeconds(3));
            one.tick();
            other.tick();
            one.tick();
            clock.advance(Duration.ofHours(2));
            other.tick();
            one.tick();
            assertThat(deliveries).hasSize(3);
            assertThat(deliveries.stream().filter(each -> each.has("state", "firing")))
                    .hasSize(1);
            assertThat(deliveries.stream().filter(each -> each.has("state", "resolved")))
                    .hasSize(1);
        }
    }

    @DatabaseTest
    void engines_whose_clocks_are_apart_turn_a_rule_in_turns_and_send_a_message_for_each_turn(TestDatabase database) {
        ManualClock behind = new ManualClock(BEGIN);
        ManualClock ahead = new ManualClock(BEGIN.plus(Duration.ofMinutes(90)));
        try (TestEngine one = start(database, behind, FINE, BROKEN);
                TestEngine other = start(database, ahead, FINE, BROKEN)) {
            one.engine().alerts().put(failures(0, 1));
            one.run("broken");
            one.tick(); // it fires; an hour ago it did, for the other
            one.tick();
            other.tick();
            other.tick();
            assertThat(deliveries)
                    .extracting(each -> each.has("state", "firing"))
                    .containsExactly(true, false);
            one.tick();
            assertThat(deliveries).hasSize(3).extracting(Delivery::id).doesNotHaveDuplicates();
            assertThat(sent(one)).hasSize(3);
        }
    }

    @DatabaseTest
    void a_rule_that_is_changed_while_its_message_is_on_its_way_is_the_one_that_a_retry_uses(TestDatabase database) {
        ManualClock clock = new ManualClock(BEGIN);
        try (TestEngine engine = start(database, clock, FINE, BROKEN)) {
            Alerts alerts = engine.engine().alerts();
            alerts.put(AlertRule.failureRate("failing", url() + "/first", "broken", 0, 1, Duration.ofHours(1)));
            answers.add(503);
            engine.run("broken");
            engine.tick();
            alerts.put(
                    AlertRule.failureRate("failing", url() + "/second", "broken", 0, 1, Duration.ofHours(1)), SECRET);
            engine.advance(Duration.ofSeconds(6));
            assertThat(paths).containsExactly("/alerts/first", "/alerts/second");
            assertThat(deliveries.get(1).id()).isEqualTo(deliveries.get(0).id());
            assertThat(deliveries.get(1).headers()).containsKey("webhook-signature");
            assertThat(alert(engine, "failing").isFiring()).isTrue();

            answers.add(503);
            alerts.test("failing");
            engine.tick();
            alerts.delete("failing");
            alerts.put(AlertRule.stranded("failing", url() + "/third", 5));
            engine.advance(Duration.ofSeconds(6));
            assertThat(paths).endsWith("/alerts/second", "/alerts/third");
            assertThat(deliveries.get(3).headers()).doesNotContainKey("webhook-signature");
        }
    }

    @DatabaseTest
    void engines_with_threads_that_evaluate_together_send_once(TestDatabase database) {
        try (Engine one =
                        Engine.builder(database.url()).alerts().workflow(BROKEN).start();
                Engine other =
                        Engine.builder(database.url()).alerts().workflow(BROKEN).start()) {
            one.alerts().put(failures(0, 1));
            one.await(one.submit(Submission.of("broken")));
            UUID delivery = awaitDelivery(other);
            assertThat(one.await(delivery).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(one.list(ExecutionQuery.all().workflow(AlertRule.DELIVERY)))
                    .hasSize(1);
            assertThat(deliveries).hasSize(1);
        }
    }

    @DatabaseTest
    void a_receiver_that_hangs_keeps_a_few_slots_and_nothing_else_waits_for_it(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url())
                .alerts()
                .workflow(FINE)
                .slots(6)
                .grace(Duration.ZERO)
                .start()) {
            Alerts alerts = engine.alerts();
            alerts.put(AlertRule.stranded("hanging", url().replace("/alerts", "/hangs"), 1_000));
            alerts.put(AlertRule.stranded("received", url(), 1_000));
            for (int i = 0; i < 10; i++) {
                alerts.test("hanging");
            }
            while (held.get() < 4) {
                LockSupport.parkNanos(2_000_000); // the timeout of the test bounds it
            }
            assertThat(engine.await(alerts.test("received")).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.await(engine.submit(Submission.of("fine"))).status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(mostHeld).hasValue(4);
        }
    }

    private static UUID awaitDelivery(Engine engine) {
        while (true) {
            UUID delivery = engine.alerts().find("failing").orElseThrow().lastDelivery();
            if (delivery != null) {
                return delivery;
            }
            LockSupport.parkNanos(2_000_000); // the timeout of the test bounds it
        }
    }

    @DatabaseTest
    void what_the_receiver_does_not_take_is_sent_again_with_the_same_id_and_another_process_continues(
            TestDatabase database) {
        ManualClock clock = new ManualClock(BEGIN);
        try (TestEngine engine = start(database, clock, BROKEN)) {
            engine.engine().alerts().put(failures(0, 1));
            answers.addAll(List.of(500, 429));
            engine.run("broken");
            engine.tick();
            engine.advance(Duration.ofSeconds(5));
            assertThat(deliveries).hasSize(2);
        }
        receiver.stop(0);
        try (TestEngine engine = start(database, clock, BROKEN)) {
            engine.advance(Duration.ofSeconds(10)); // nobody listens
            assertThat(deliveries).hasSize(2);
        }
        receiver = sameAddress();
        try (TestEngine engine = start(database, clock, BROKEN)) {
            engine.advance(Duration.ofSeconds(20));
            assertThat(deliveries)
                    .hasSize(3)
                    .extracting(Delivery::id)
                    .containsOnly(deliveries.get(0).id());
            assertThat(sent(engine))
                    .singleElement()
                    .satisfies(sent -> assertThat(sent.status()).isEqualTo(ExecutionStatus.COMPLETED));
        }
    }

    private HttpServer sameAddress() {
        try {
            HttpServer again = HttpServer.create(receiver.getAddress(), 0);
            again.createContext("/", this::receive);
            again.start();
            return again;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @DatabaseTest
    void what_the_receiver_refuses_is_not_sent_again_and_no_redirect_is_followed(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Alerts alerts = engine.engine().alerts();
            alerts.put(failures(0, 1));
            for (int status : List.of(404, 302)) {
                answers.add(status);
                UUID test = alerts.test("failing");
                engine.tick();
                engine.advance(Duration.ofHours(1));
                assertThat(engine.task(test, "send").error())
                        .contains("answered " + status, "correct the URL of alert 'failing'")
                        .doesNotContain("/alerts");
            }
            assertThat(deliveries).hasSize(2);

            UUID deleted = alerts.test("failing");
            assertThat(alerts.delete("failing")).isTrue();
            engine.tick();
            assertThat(engine.task(deleted, "send").error()).contains("was deleted");
            assertThat(deliveries).hasSize(2);
        }
    }

    @DatabaseTest
    void what_follows_the_status_of_an_answer_does_not_matter(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            engine.engine().alerts().put(failures(0, 1));
            for (int answer : List.of(ENDLESS, CUT)) {
                answers.add(answer);
                UUID test = engine.engine().alerts().test("failing");
                engine.tick();
                assertThat(engine.execution(test).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            engine.advance(Duration.ofHours(1));
            assertThat(deliveries).hasSize(2);
        }
    }

    @DatabaseTest
    void a_message_comes_before_the_work_that_is_too_much_and_to_a_path_that_is_escaped(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Alerts alerts = engine.engine().alerts();
            alerts.put(AlertRule.oldestReady("late", url() + "/für?a=b", Duration.ofMinutes(1)));
            UUID test = alerts.test("late");
            assertThat(engine.execution(test).priority()).isEqualTo(Submission.MAX_PRIORITY);
            engine.tick();
            assertThat(paths).containsExactly("/alerts/f%C3%BCr");
        }
    }

    @DatabaseTest
    void what_a_message_says_is_up_to_the_engine_alone(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Engine one = engine.engine();
            one.alerts().put(failures(0, 1), SECRET);
            UUID test = one.alerts().test("failing");
            engine.tick();
            Map<String, ?> forged = Map.of("alert", "failing", "message", Map.of("text", "all is well"));
            Submission submission = Submission.of(AlertRule.DELIVERY).input(forged);
            String refused = "is submitted by the engine only";
            assertRefused("INVALID_NAME", refused, () -> one.submit(submission));
            assertRefused(
                    "INVALID_NAME", refused, () -> one.restart(Restart.of(test).input(forged)));
            assertRefused(
                    "INVALID_NAME",
                    refused,
                    () -> one.schedules()
                            .put(Schedule.of("hourly", AlertRule.DELIVERY)
                                    .cron("0 * * * *")
                                    .input(forged)));
            assertRefused(
                    "INVALID_NAME",
                    refused,
                    () -> one.hooks().put(Hook.of("in", AlertRule.DELIVERY, HookSignature.STANDARD), SECRET));

            UUID again = one.restart(Restart.of(test)); // what the engine said may be said again
            engine.tick();
            assertThat(deliveries).extracting(Delivery::id).containsExactly(test.toString(), again.toString());
            assertThat(deliveries).allMatch(each -> each.has("state", "test"));
        }
    }

    @DatabaseTest
    void what_this_process_cannot_decode_is_named_and_is_sent_by_one_that_can(TestDatabase database) {
        ManualClock clock = new ManualClock(BEGIN);
        TestEngine.Builder keyed = TestEngine.on(database.url())
                .clock(clock)
                .workflow(BROKEN)
                .configure(builder -> builder.alerts().payloadCodec(AesGcmCodec.of(new byte[32], "k1", new byte[32])));
        UUID test;
        try (TestEngine engine = keyed.start()) {
            engine.engine().alerts().put(failures(0, 1), SECRET);
            assertThat(Rows.texts(database, "SELECT url || secret FROM alerts").get(0))
                    .doesNotContain("127.0.0.1", SECRET);
            test = engine.engine().alerts().test("failing");
        }
        try (TestEngine engine = start(database, clock, BROKEN)) {
            engine.tick();
            assertThat(deliveries).isEmpty();
            assertThat(engine.task(test, "send").error()).contains("PAYLOAD_UNREADABLE", "'k1'");
            Alerts alerts = engine.engine().alerts();
            assertRefused("PAYLOAD_UNREADABLE", "the URL of alert 'failing' is encoded with key 'k1'", alerts::list);
            alerts.disable("failing");
        }
        try (TestEngine engine = keyed.start()) {
            engine.advance(Duration.ofMinutes(1));
            assertThat(deliveries).hasSize(1);
            assertThat(alert(engine, "failing").isEnabled()).isFalse();
        }
    }

    @DatabaseTest
    void a_webhook_of_this_engine_accepts_what_is_signed(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Engine one = engine.engine();
            one.alerts().put(failures(0, 1), SECRET);
            one.alerts().put(failures(10, 1)); // keeps it
            one.hooks().put(Hook.of("in", "fine", HookSignature.STANDARD), SECRET);
            UUID test = one.alerts().test("failing");
            engine.tick();

            Delivery delivery = deliveries.get(0);
            byte[] body = delivery.body().getBytes(StandardCharsets.UTF_8);
            Submission accepted = one.hooks().accept("in", delivery.headers()::get, body);
            assertThat(accepted.idempotencyKey()).contains("hook:in:" + test);
            assertThat(accepted.input().toString()).contains("state=test", "alert=failing", "delivery=" + test);
            byte[] changed = delivery.body().replace("test", "firing").getBytes(StandardCharsets.UTF_8);
            assertRefused("HOOK_SIGNATURE", "", () -> one.hooks().accept("in", delivery.headers()::get, changed));
            assertThat(one.alerts().list().toString()).doesNotContain(SECRET);
            assertThat(one.context(test).json()).doesNotContain(SECRET, "http");
            assertThat(alert(engine, "failing").isSigned()).isTrue();
        }
    }

    @DatabaseTest
    void what_is_disabled_is_quiet_and_begins_anew(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Alerts alerts = engine.engine().alerts();
            alerts.put(failures(0, 1));
            engine.run("broken");
            engine.tick();
            assertThat(alert(engine, "failing").isFiring()).isTrue();
            alerts.disable("failing");
            alerts.disable("failing");
            engine.tick();
            assertThat(alert(engine, "failing").isFiring()).isFalse();
            assertThat(alert(engine, "failing").isEnabled()).isFalse();
            assertThat(deliveries).hasSize(1);

            alerts.enable("failing");
            engine.tick();
            assertThat(deliveries).hasSize(2);
            assertThat(deliveries.get(1).has("state", "firing")).isTrue();
            alerts.put(AlertRule.stranded("failing", url(), 5)); // another kind begins quiet
            assertThat(alert(engine, "failing").isFiring()).isFalse();
            engine.tick();
            assertThat(deliveries).hasSize(2);
            assertRefused("UNKNOWN_ALERT", "there is no alert 'absent'", () -> alerts.enable("absent"));
        }
    }

    @DatabaseTest
    void an_engine_without_alerts_sends_nothing(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).workflow(BROKEN).start()) {
            Alerts alerts = engine.engine().alerts();
            alerts.put(failures(0, 1));
            engine.run("broken");
            engine.tick();
            assertThat(alerts.areEvaluated()).isFalse();
            assertThat(alert(engine, "failing").evaluatedAt()).isNull();
            assertRefused("ALERTS_OFF", "build one with alerts()", () -> alerts.test("failing"));
            assertThat(deliveries).isEmpty();
            try (TestEngine other = start(database)) {
                assertThat(alerts.areEvaluated()).isTrue();
                assertThat(other.engine().isRunning()).isTrue();
            }
        }
    }

    @DatabaseTest
    void rules_that_cannot_be_are_refused(TestDatabase database) {
        try (TestEngine engine = start(database)) {
            Alerts alerts = engine.engine().alerts();
            assertRefused(
                    "UNKNOWN_WORKFLOW",
                    "absent",
                    () -> alerts.put(AlertRule.failureRate("a", url(), "absent", 1, 1, Duration.ofHours(1))));
            assertRefused("INVALID_ALERT", "from 16 to 500", () -> alerts.put(failures(0, 1), "short"));
            assertRefused("INVALID_ALERT", "not Base64", () -> alerts.put(failures(0, 1), "whsec_0123456789-----"));
            assertThat(alerts.list()).isEmpty();
            assertThat(alerts.delete("absent")).isFalse();
        }
    }

    @Test
    void what_makes_no_rule_is_refused() {
        String to = "https://example.com/";
        Duration hour = Duration.ofHours(1);
        for (String bad : List.of(
                "ftp://example.com/",
                "example.com",
                "http:///x",
                "https://u@example.com/",
                "https://a/#f",
                "a b",
                "https://a:0/",
                "https://a:65536/")) {
            assertRefused("INVALID_ALERT", "the URL of an alert", () -> AlertRule.oldestReady("a", bad, hour));
        }
        assertRefused("INVALID_ALERT", "percent", () -> AlertRule.failureRate("a", to, null, 100, 1, hour));
        assertRefused("INVALID_ALERT", "from 1 to 1000", () -> AlertRule.failureRate("a", to, null, 1, 0, hour));
        assertRefused(
                "INVALID_ALERT",
                "at most 7 days",
                () -> AlertRule.failureRate("a", to, null, 1, 1, Duration.ofDays(8)));
        assertRefused(
                "INVALID_ALERT",
                "needs a duration, such as 15 minutes",
                () -> AlertRule.oldestReady("a", to, Duration.ZERO));
        assertRefused("INVALID_ALERT", "completed, failed", () -> AlertRule.executionEnded("a", to, null, Set.of()));
        assertRefused(
                "INVALID_ALERT",
                "would cause another one",
                () -> AlertRule.executionEnded("a", to, AlertRule.DELIVERY, AlertRule.ENDS));
        assertRefused(
                "INVALID_ALERT",
                "has no workflow",
                () -> new AlertRule(
                        "a", AlertKind.STRANDED, AlertRule.parsedUrl(to), "fine", 0, 0, Duration.ZERO, Set.of()));
        assertRefused(
                "INVALID_NAME",
                "delivers alerts",
                () -> Engine.builder("sqlite:x.db")
                        .workflow(WorkflowDefinition.named(AlertRule.DELIVERY)
                                .task("t", context -> {})
                                .build())
                        .build());
    }
}
