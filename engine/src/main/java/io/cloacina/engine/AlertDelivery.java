package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.run.AlertMessage;
import io.cloacina.engine.internal.store.AlertStore;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.schema.database.Database;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workflow that delivers the messages of alerts. Where to, and the secret, are those of the rule when it is sent: neither
 * is in the input, so whoever may submit workflows chooses no address, and a corrected rule is what a retry uses.
 */
final class AlertDelivery {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** Also for what those two do not bound, such as finding the address of a host. */
    private static final Duration ALL = Duration.ofSeconds(20);

    /** For about six hours. */
    private static final RetryPolicy RETRY = RetryPolicy.exponential(33, Duration.ofSeconds(5))
            .maxDelay(Duration.ofMinutes(15))
            .jitter(0.1)
            .retryIf(error -> !(error instanceof UndeliverableException));

    /** Beside those from 500: too slow, too early, too many. */
    private static final Set<Integer> AGAIN = Set.of(408, 425, 429);

    private final Database database;
    private final Clock clock;
    private @Nullable HttpClient client;

    AlertDelivery(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** No later attempt would do better. */
    static final class UndeliverableException extends CloacinaException {
        private static final long serialVersionUID = 1L;

        UndeliverableException(String message) {
            super("ALERT_REFUSED", message);
        }
    }

    /** Of one alert: a receiver that does not answer keeps no more slots than these from other work. */
    private static final Limit AT_ONCE = Limit.atOnce(4).per(AlertMessage.ALERT);

    /** The same in every process that runs it. */
    WorkflowDefinition workflow() {
        return WorkflowDefinition.named(AlertRule.DELIVERY)
                .version("1")
                .input(AlertMessage.ALERT, String.class)
                .input(AlertMessage.MESSAGE, new TypeOf<Map<String, Object>>() {})
                .task(
                        "send",
                        this::send,
                        options -> options.retry(RETRY).timeout(ALL).limit(AT_ONCE))
                .build();
    }

    private void send(TaskContext context) throws IOException, InterruptedException {
        String name = context.get(AlertMessage.ALERT, String.class);
        AlertStore.Stored stored = database.find(AlertStore.FIND, name)
                .orElseThrow(() -> new UndeliverableException(
                        "alert '" + name + "' was deleted, so the URL of its message is unknown"));
        ObjectNode message = JsonContext.parse(context.json(), "a message").withObject("/" + AlertMessage.MESSAGE);
        message.put("delivery", context.executionId().toString());
        byte[] body = JsonContext.text(message, "a message").getBytes(StandardCharsets.UTF_8);
        URI url = URI.create(stored.uri().toASCIIString());
        HttpResponse<InputStream> response = client().send(
                        request(url, context.executionId().toString(), stored.secret(), body),
                        HttpResponse.BodyHandlers.ofInputStream());
        // The status says all. What follows may never end, or break: a message that was accepted would be sent again.
        response.body().close();
        int status = response.statusCode();
        if (status / 100 == 2) {
            return;
        }
        // The path may have a secret in it.
        String answer = url.getScheme() + "://" + url.getAuthority() + " answered " + status;
        if (status / 100 == 5 || AGAIN.contains(status)) {
            throw new IOException(answer);
        }
        throw new UndeliverableException(answer + (status / 100 == 3 ? ", and redirects are not followed" : "")
                + ": correct the URL of alert '" + name + "', and retry this execution");
    }

    /** Signed as Standard Webhooks 1.0 says. */
    private HttpRequest request(URI url, String id, @Nullable String secret, byte[] body) {
        String time = Long.toString(clock.instant().getEpochSecond());
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Cloacina")
                .header("webhook-id", id)
                .header("webhook-timestamp", time)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (secret != null) {
            request.header("webhook-signature", new HookSigning(secret, clock.instant()).signed(id, time, body));
        }
        return request.build();
    }

    /** It has threads, which an engine that sends nothing does not need. */
    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
        }
        return client;
    }
}
