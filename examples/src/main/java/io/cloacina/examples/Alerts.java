package io.cloacina.examples;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Scheduled;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Status;
import io.cloacina.engine.model.Submission;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Alerts: a workflow looks for problems each minute, and another one calls a webhook for each kind of them. */
public final class Alerts {
    private Alerts() {}

    /** Looks what needs a person. */
    @Workflow(name = "watch")
    @Scheduled(cron = "* * * * *")
    public static class Watch {
        private final Supplier<Engine> engine;

        /** The engine is asked for when the first task runs. */
        public Watch(Supplier<Engine> engine) {
            this.engine = engine;
        }

        @Task
        void look() {
            Status status = engine.get().status();
            Map<String, String> sentences = status.problems().stream()
                    .collect(Collectors.toMap(
                            problem -> problem.code().name(), Alerts::shown, (one, other) -> one + "\n" + other));
            sentences.forEach((code, text) -> engine.get()
                    .submit(Submission.of("alert")
                            .input(Map.of("code", code, "text", text))
                            .idempotencyKey(code + " " + status.at().truncatedTo(ChronoUnit.HOURS))));
        }
    }

    /** Calls a webhook. The instance has its address and its secret, so neither is stored in the database. */
    @Workflow(name = "alert")
    public static class Alert {
        private final HttpClient http = HttpClient.newHttpClient(); // it follows no redirect
        private final URI to;
        private final String secret;

        /** The address is that of the receiver; both know the secret. */
        public Alert(URI to, String secret) {
            this.to = to;
            this.secret = secret;
        }

        @Task(retry = @Retry(maxAttempts = 10, delay = "5s", maxDelay = "10m"))
        void send(@Input String code, @Input String text, TaskContext context)
                throws IOException, InterruptedException, GeneralSecurityException {
            byte[] body = new ObjectMapper().writeValueAsBytes(Map.of("code", code, "text", text));
            HttpRequest request = HttpRequest.newBuilder(to)
                    .timeout(Duration.ofSeconds(10))
                    .header("Content-Type", "application/json")
                    .header("X-GitHub-Delivery", context.executionId().toString())
                    .header("X-Hub-Signature-256", "sha256=" + signature(body))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            int answer =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (answer / 100 != 2) {
                throw new IOException("the receiver of alerts answered " + answer);
            }
        }

        private String signature(byte[] body) throws GeneralSecurityException {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        }
    }

    private static String shown(Problem problem) {
        return problem.sentence() + "; " + problem.advice();
    }

    /** Starts an engine that watches its database. */
    static Engine start(String database, URI to, String secret) {
        CompletableFuture<Engine> started = new CompletableFuture<>();
        Engine engine = Engine.builder(database)
                .workflow(new Watch(started::join))
                .workflow(new Alert(to, secret))
                .start();
        started.complete(engine);
        return engine;
    }
}
