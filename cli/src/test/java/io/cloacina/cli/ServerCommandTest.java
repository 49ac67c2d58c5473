package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.Engine;
import io.cloacina.server.ServerSettings;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServerCommandTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path home;

    @Test
    void it_serves_a_database_until_it_is_stopped() throws Exception {
        String url = "sqlite:" + home.resolve("app.db");
        try (Engine engine = Engine.builder(url).start()) {
            assertThat(engine.isRunning()).isTrue();
        }
        Path tokens = Files.writeString(home.resolve("tokens"), "# who\nada read " + TOKEN + "\n");
        PipedOutputStream out = new PipedOutputStream();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(new PipedInputStream(out), StandardCharsets.UTF_8));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Thread server = new Thread(() -> Main.execute(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                "server",
                "--database",
                url,
                "--port",
                "0",
                "--token-file",
                tokens.toString(),
                "--prefix",
                "/ops"));
        server.start();

        String line = lines.readLine();
        assertThat(line).as(err.toString(StandardCharsets.UTF_8)).startsWith("serving at http://127.0.0.1:");
        URI root = URI.create(line.substring("serving at ".length()));
        assertThat(root.getPath()).isEqualTo("/ops/");
        assertThat(status(root, Map.of())).isEqualTo(401);
        assertThat(status(root, Map.of("Authorization", "Bearer " + TOKEN))).isEqualTo(200);

        server.interrupt();
        server.join();
        assertThatThrownBy(() -> status(root, Map.of())).isInstanceOf(IOException.class);
    }

    @Test
    void without_a_token_other_machines_cannot_reach_it() throws IOException {
        String url = "sqlite:" + home.resolve("app.db");
        Engine.builder(url).start().close();
        CloacinaProcess.Finished refused =
                Cli.run(home, "server", "--database", url, "--port", "0", "--host", "0.0.0.0");

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CANNOT);
        assertThat(refused.err()).anyMatch(line -> line.contains("set a token"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing",
                "short",
                "ada read",
                "ada chief " + TOKEN,
                "ada read short",
                "ada read " + TOKEN + "\nbob read " + TOKEN,
                TOKEN + "\n" + TOKEN + "1"
            })
    void a_file_of_tokens_that_is_wrong_is_refused_without_its_tokens(String text) throws IOException {
        Path file = Files.writeString(home.resolve("tokens"), text);

        assertThatThrownBy(() -> TokenFile.addTo(ServerSettings.defaults(), file))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_TOKEN"))
                .message()
                .doesNotContain(TOKEN);
    }

    private static int status(URI root, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve("api/v1/status"));
        headers.forEach(request::header);
        return HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.ofString())
                .statusCode();
    }
}
