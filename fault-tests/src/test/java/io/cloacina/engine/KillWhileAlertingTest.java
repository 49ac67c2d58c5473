package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Alert;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process is killed between the turning of an alert and the end of its delivery: another one delivers the message, with the
 * same id, and each turning has one message.
 */
@Timeout(120)
class KillWhileAlertingTest {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** Where the victim stops. */
    enum Point {
        TURNED,
        SENDING,
        ANSWERED
    }

    private static final WorkflowDefinition BROKEN = WorkflowDefinition.named("broken")
            .version("1")
            .task(
                    "work",
                    context -> {
                        throw new IllegalStateException("broken");
                    },
                    task -> task.retry(RetryPolicy.NONE))
            .build();

    /** The id of a message, and what it says. */
    private record Message(String id, String body) {
        boolean isOf(String state) {
            return body.contains("\"state\":\"" + state + "\"");
        }
    }

    /** A database, and who receives its messages. */
    private static final class Side {
        private final TestDatabase database;
        private final List<Message> messages = new CopyOnWriteArrayList<>();
        private final CountDownLatch isHeld = new CountDownLatch(1);

        Side(Backend backend) {
            database = TestDatabase.create(backend);
            database.migrated();
        }
    }

    private final List<Side> sides = new ArrayList<>();
    private final CountDownLatch isKilled = new CountDownLatch(1);
    private final ExecutorService answering = Executors.newCachedThreadPool();
    private volatile boolean holds;
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(answering);
        for (Backend backend : Backend.values()) {
            Side side = new Side(backend);
            sides.add(side);
            receiver.createContext("/" + backend.label(), exchange -> receive(side, exchange));
        }
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
        answering.shutdownNow();
        sides.forEach(side -> side.database.close());
    }

    private String url(Side side) {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/"
                + side.database.backend().label();
    }

    private void receive(Side side, HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            side.messages.add(new Message(
                    Objects.requireNonNull(exchange.getRequestHeaders().getFirst("webhook-id")), body));
            if (holds && side.messages.size() == 1) {
                side.isHeld.countDown();
                EngineParts.await(isKilled);
            }
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private static AlertRule rule(String url, int atLeast) {
        return AlertRule.failureRate("failing", url, "broken", 0, atLeast, Duration.ofHours(1));
    }

    private static ManualEngine manual(String database, EngineInterceptor... interceptors) {
        EngineBuilder builder = Engine.builder(database).alerts().workflow(BROKEN);
        for (EngineInterceptor each : interceptors) {
            builder.interceptor(each);
        }
        return ManualEngine.configuredAtStart(() -> builder).start();
    }

    /**
     * Stores the alert, lets it turn, and begins the delivery, on each database. The kill of one process is that of its runners on
     * both.
     */
    static final class Victim {
        public static void main(String[] arguments) {
            Point point = Point.valueOf(arguments[0]);
            for (int i = 1; i < arguments.length; i += 2) {
                String database = arguments[i];
                String url = arguments[i + 1];
                new Thread(() -> run(point, database, url)).start();
            }
            EngineParts.awaitForEver(NEVER);
        }

        private static void run(Point point, String database, String url) {
            ManualEngine engine = point == Point.ANSWERED ? manual(database, new AfterSending(url)) : manual(database);
            engine.engine().alerts().put(rule(url, 1));
            engine.engine().submit("broken", Map.of());
            engine.tick();
            engine.engine().runtime().evaluateAlerts();
            if (point != Point.TURNED) {
                engine.tick();
            }
            say(url);
        }

        private static void say(String url) {
            System.out.println(url + " there");
            System.out.flush();
            EngineParts.awaitForEver(NEVER);
        }

        /** The receiver has answered, and that is not stored. */
        private static final class AfterSending implements EngineInterceptor {
            private final String url;

            AfterSending(String url) {
                this.url = url;
            }

            @Override
            public void aroundBody(TaskContext task, Running next) throws Exception {
                next.run();
                if (task.taskName().equals("send")) {
                    say(url);
                }
            }
        }
    }

    private void killAt(Point point, int received) {
        holds = point == Point.SENDING;
        List<String> arguments = new ArrayList<>(List.of(point.name()));
        sides.forEach(side -> arguments.addAll(List.of(side.database.url(), url(side))));
        try (Child victim = Child.start(Victim.class, arguments.toArray(String[]::new))) {
            for (Side side : sides) {
                if (holds) {
                    EngineParts.await(side.isHeld);
                } else {
                    victim.said(url(side) + " there");
                }
            }
        }
        isKilled.countDown();
        sides.forEach(side -> assertDeliveredOnce(side, received));
    }

    private void assertDeliveredOnce(Side side, int received) {
        List<Message> messages = side.messages;
        try (ManualEngine survivor = manual(side.database.url())) {
            Alert alert = survivor.engine().alerts().find("failing").orElseThrow();
            assertThat(alert.isFiring()).as("it turned with its message").isTrue();
            UUID firing = Objects.requireNonNull(alert.lastDelivery());
            EngineParts.until("the message is delivered", () -> {
                survivor.tick();
                return survivor.engine().find(firing).orElseThrow().isFinished();
            });
            assertThat(messages)
                    .hasSize(received)
                    .allMatch(message -> message.id().equals(firing.toString()) && message.isOf("firing"));

            survivor.engine().alerts().put(rule(url(side), 1_000));
            survivor.tick();
            assertThat(messages).hasSize(received + 1);
            Message last = messages.get(received);
            assertThat(last.isOf("resolved")).isTrue();
            assertThat(last.id()).isNotEqualTo(firing.toString());
            assertThat(survivor.engine().list(ExecutionQuery.all().workflow(AlertRule.DELIVERY)))
                    .as("one message for each turning")
                    .hasSize(2)
                    .extracting(Execution::status)
                    .containsOnly(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void after_the_rule_has_turned_and_before_its_message_goes_out() {
        killAt(Point.TURNED, 1);
    }

    @Test
    void while_the_receiver_holds_the_message() {
        killAt(Point.SENDING, 2);
    }

    @Test
    void after_the_receiver_has_answered_and_before_that_is_stored() {
        killAt(Point.ANSWERED, 2);
    }
}
