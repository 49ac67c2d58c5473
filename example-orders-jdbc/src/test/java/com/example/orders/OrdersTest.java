package com.example.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The application as a process of its own, over HTTP. */
@Timeout(180)
class OrdersTest {
    private static final Pattern PORT = Pattern.compile("started on port[^0-9]*(\\d+)");

    private final HttpClient http = HttpClient.newHttpClient();

    private record Running(Process process, int port) {}

    /** A process that also finds the classes in that folder. */
    private static ProcessBuilder java(Path classes, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classes + File.pathSeparator + System.getProperty("java.class.path")));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    private static Running start(Path folder, boolean isGenerated) throws IOException {
        ProcessBuilder builder = java(
                folder.resolve("classes"),
                "-Dspring.aot.enabled=" + isGenerated,
                OrdersApplication.class.getName(),
                "--server.port=0",
                "--server.tomcat.basedir=target/tomcat",
                "--cloacina.lease=1s",
                "--orders.away=" + folder.resolve("away"));
        builder.environment().put("ORDERS_FILE", folder.resolve("orders.db").toString());
        Process process = builder.start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder seen = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.append(line).append('\n');
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                Thread rest = new Thread(() -> lines.lines().forEach(ignored -> {}), "output of the application");
                rest.setDaemon(true);
                rest.start();
                return new Running(process, Integer.parseInt(port.group(1)));
            }
        }
        throw new IllegalStateException("the application did not start:\n" + seen);
    }

    private String send(Running running, String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + running.port() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    @Test
    void an_order_survives_the_kill_of_the_application_and_is_booked_once(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path away = Files.createFile(folder.resolve("away"));
        Running first = start(folder, false);
        String id;
        try {
            id = send(first, "POST", "/orders/4711").replace("\"", "");
        } finally {
            first.process().destroyForcibly().waitFor();
        }
        Files.delete(away);

        Running second = start(folder, false);
        try {
            assertThat(send(second, "GET", "/cloacina/api/v1/executions/" + id + "?wait=60s"))
                    .contains("\"Completed\"");
            assertThat(send(second, "GET", "/orders/4711")).contains("\"receipt-4711\"", "\"bookings\":1");
            assertThat(send(second, "GET", "/actuator/health")).contains("\"cloacina\"", "\"UP\"");
            assertThat(send(second, "GET", "/actuator/cloacina")).contains("\"runners\"");
        } finally {
            second.process().destroy();
            second.process().waitFor();
        }
    }

    /** As the plugin of Spring Boot does when it builds a native image. */
    private static void generate(Path folder) throws IOException, InterruptedException {
        Path sources = Files.createDirectory(folder.resolve("sources"));
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Process processor = java(
                        classes,
                        "org.springframework.boot.SpringApplicationAotProcessor",
                        OrdersApplication.class.getName(),
                        sources.toString(),
                        folder.resolve("resources").toString(),
                        classes.toString(),
                        "com.example",
                        "orders")
                .start();
        String said = new String(processor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(processor.waitFor()).as(said).isZero();

        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, errors, arguments.toArray(String[]::new));
        assertThat(result).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    }

    @Test
    void the_application_runs_with_beans_whose_code_was_generated(@TempDir Path folder)
            throws IOException, InterruptedException {
        generate(folder);
        Running running = start(folder, true);
        try {
            String id = send(running, "POST", "/orders/1").replace("\"", "");
            assertThat(send(running, "GET", "/cloacina/api/v1/executions/" + id + "?wait=60s"))
                    .contains("\"Completed\"");
            assertThat(send(running, "GET", "/orders/1")).contains("\"bookings\":1");
        } finally {
            running.process().destroy();
            running.process().waitFor();
        }
    }
}
