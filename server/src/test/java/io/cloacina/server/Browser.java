package io.cloacina.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real Chromium, driven over the WebDriver protocol. Whatever is looked for is waited for, half a minute at most. A test that
 * needs it is skipped, and says so, where the programs are not installed.
 */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = Client.http();
    private final Process driver;
    private final String session;

    private Browser(Process driver, String session) {
        this.driver = driver;
        this.session = session;
    }

    /** One with a profile of its own in that folder, which runs scripts or does not. */
    static Browser start(Path folder, boolean scripts) {
        Optional<Path> program = program("chromedriver");
        assumeTrue(
                program.isPresent() && program("chromium").isPresent(),
                "skipped: chromium and chromium-driver are not installed here");
        try {
            Process driver = new ProcessBuilder(program.get().toString(), "--port=0")
                    .redirectErrorStream(true)
                    .start();
            Browser unbound = new Browser(driver, "http://localhost:" + port(driver));
            JsonNode begun = unbound.send(
                    "POST",
                    "/session",
                    Map.of(
                            "capabilities",
                            Map.of(
                                    "alwaysMatch",
                                    Map.of(
                                            "timeouts",
                                            Map.of("implicit", PATIENCE.toMillis()),
                                            "goog:chromeOptions",
                                            Map.of("args", arguments(folder), "prefs", preferences(scripts))))));
            return new Browser(
                    driver,
                    unbound.session + "/session/" + begun.get("sessionId").asText());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static List<String> arguments(Path folder) {
        return List.of(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--window-size=1280,1000",
                "--user-data-dir=" + folder.resolve("profile"));
    }

    private static Map<String, Object> preferences(boolean scripts) {
        return scripts ? Map.of() : Map.of("profile.managed_default_content_settings.javascript", 2);
    }

    private static int port(Process driver) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                return Integer.parseInt(port.group(1));
            }
        }
        throw new IllegalStateException("chromedriver did not start");
    }

    void open(URI page) {
        send("POST", "/url", Map.of("url", page.toString()));
    }

    void reload() {
        send("POST", "/refresh", Map.of());
    }

    /** Runs a script in the page. */
    void run(String script) {
        send("POST", "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** Clicks the link or the button with that text. */
    void click(String text) {
        clickAt("//*[self::a or self::button or self::summary][normalize-space(.) = '" + text + "']");
    }

    /** Clicks what an XPath leads to. */
    void clickAt(String path) {
        send("POST", "/element/" + find(path) + "/click", Map.of());
    }

    /** Waits until an XPath leads to something. */
    void finds(String path) {
        find(path);
    }

    /** Types into the field with that label. */
    void type(String label, String text) {
        String field =
                find("//label[starts-with(normalize-space(.), '" + label + "')]//*[self::input or self::select]");
        send("POST", "/element/" + field + "/value", Map.of("text", text));
    }

    /** Waits until an element with that text is shown. */
    void sees(String text) {
        find("//*[text()[contains(normalize-space(.), '" + text + "')]]");
    }

    /** Waits until the part of the page with that id shows that state. */
    void seesState(String part, String state) {
        find("//*[@id = '" + part + "']//*[contains(@class, 'state')][normalize-space(.) = '" + state + "']");
    }

    private String find(String path) {
        JsonNode found = send("POST", "/element", Map.of("using", "xpath", "value", path));
        return found.get(ELEMENT).asText();
    }

    private JsonNode send(String method, String path, Object body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(session + path))
                    .header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            JsonNode value = JSON.readTree(answer.body()).path("value");
            if (answer.statusCode() != 200) {
                throw new AssertionError(
                        path + " " + body + ": " + value.path("message").asText());
            }
            return value;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            send("DELETE", "", Map.of());
        } finally {
            driver.destroy();
        }
    }
}
