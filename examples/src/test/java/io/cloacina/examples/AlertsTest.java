package io.cloacina.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Alert;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Timeout;

/** What the how-to on alerts says. */
@Timeout(60)
class AlertsTest {
    @DatabaseTest
    void rules_are_stored_and_a_test_arrives(TestDatabase database) throws IOException {
        List<String> bodies = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            try (exchange) {
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        receiver.start();
        try (Engine engine = Alerts.start(database.url())) {
            String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
            Alerts.store(engine, url, "0123456789abcdef0123456789abcdef");

            UUID test = engine.alerts().test("stuck");
            assertThat(engine.await(test).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(bodies).singleElement().asString().contains("\"state\":\"test\"", "\"alert\":\"stuck\"");
            assertThat(engine.alerts().list()).hasSize(5).allMatch(Alert::isSigned);
        } finally {
            receiver.stop(0);
        }
    }
}
