package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application as a process of its own, over HTTP. */
@Timeout(300)
class OrdersTest {
    private static final Pattern PORT = Pattern.compile("started on port[^0-9]*(\\d+)");
    private static final Pattern EXECUTION = Pattern.compile("\"execution\":\"([^\"]+)\"");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private TestDatabase database;
    private HttpServer bank;

    private record Running(Process process, int port) {}

    @BeforeEach
    void begin() throws IOException {
        database = TestDatabase.create(Backend.POSTGRES);
        bank = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        bank.setExecutor(threads);
        bank.createContext("/charges/", this::charge);
        bank.start();
    }

    @AfterEach
    void end() {
        open.countDown();
        bank.stop(0);
        threads.shutdownNow();
        database.close();
    }

    /** It is not open at first, and refuses what costs too much. */
    private void charge(HttpExchange exchange) throws IOException {
        keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        asked.countDown();
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        boolean refused = exchange.getRequestURI().getPath().endsWith("/999999");
        byte[] receipt = "receipt-77".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(refused ? 402 : 200, refused ? -1 : receipt.length);
        try (exchange) {
            if (!refused) {
                exchange.getResponseBody().write(receipt);
            }
        }
    }

    private Running start() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OrdersApplication.class.getName(),
                        "--server.port=0",
                        "--server.tomcat.basedir=target/tomcat",
                        "--spring.datasource.url=" + database.jdbcUrl(),
                        "--orders.bank=http://localhost:" + bank.getAddress().getPort(),
                        "--cloacina.lease=1s")
                .redirectErrorStream(true)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder seen = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.append(line).append('\n');
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                threads.execute(() -> lines.lines().forEach(ignored -> {}));
                return new Running(process, Integer.parseInt(port.group(1)));
            }
        }
        throw new IllegalStateException("the application did not start:\n" + seen);
    }

    private String get(Running running, String path) throws IOException, InterruptedException {
        return send(200, HttpRequest.newBuilder(uri(running, path)));
    }

    private String place(Running running, int number, int cents) throws IOException, InterruptedException {
        String body = "{\"number\":" + number + ",\"cents\":" + cents + "}";
        String accepted = send(
                202,
                HttpRequest.newBuilder(uri(running, "/orders"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
        Matcher execution = EXECUTION.matcher(accepted);
        assertThat(execution.find()).as(accepted).isTrue();
        return execution.group(1);
    }

    private static URI uri(Running running, String path) {
        return URI.create("http://localhost:" + running.port() + path);
    }

    private String send(int expected, HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(expected);
        return response.body();
    }

    /** Both with the same process, which starts slowly. */
    @Test
    void an_order_survives_the_kill_of_the_application_and_is_charged_once_and_one_that_the_bank_refuses_is_cancelled()
            throws Exception {
        Running first = start();
        String execution;
        try {
            execution = place(first, 4711, 4_900);
            asked.await();
        } finally {
            first.process().destroyForcibly().waitFor();
        }
        open.countDown();

        Running second = start();
        try {
            assertThat(get(second, "/cloacina/api/v1/executions/" + execution + "?wait=60s"))
                    .contains("\"Completed\"");
            assertThat(get(second, "/orders/4711")).contains("\"PAID\"", "\"receipt-77\"");
            assertThat(keys).hasSizeGreaterThan(1).containsOnly(execution);

            keys.clear();
            String refused = place(second, 1, 999_999);
            get(second, "/cloacina/api/v1/executions/" + refused + "?wait=60s");
            assertThat(get(second, "/orders/1")).contains("\"CANCELLED\"");
            assertThat(keys).hasSize(3).containsOnly(refused);

            assertThat(get(second, "/actuator/health")).contains("\"cloacina\"", "\"UP\"");
            assertThat(get(second, "/actuator/cloacina")).contains("\"runners\"");
            assertThat(get(second, "/actuator/metrics")).contains("cloacina.executions.submitted");
        } finally {
            stop(second);
        }
    }

    private static void stop(Running running) throws InterruptedException {
        running.process().destroy();
        running.process().waitFor();
    }
}
