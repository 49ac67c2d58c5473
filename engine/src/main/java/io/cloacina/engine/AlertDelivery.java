package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
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
 * The workflow that delivers the messages of alerts. It reads the URL and the secret from the rule when it sends; neither is in
 * the input, so a user who may submit workflows cannot choose an address, and a retry uses a corrected rule.
 */
final class AlertDelivery {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** Limits everything, including what the other two do not cover, such as resolving the name of a host. */
    private static final Duration ALL = Duration.ofSeconds(20);

    /** Retries for about six hours. */
    private static final RetryPolicy RETRY = RetryPolicy.exponential(33, Duration.ofSeconds(5))
            .maxDelay(Duration.ofMinutes(15))
            .jitter(0.1)
            .retryIf(error -> !(error instanceof UndeliverableException));

    /** The statuses below 500 after which a retry may succeed: too slow, too early, too many requests. */
    private static final Set<Integer> AGAIN = Set.of(408, 425, 429);

    private final Database database;
    private final Clock clock;
    private @Nullable HttpClient client;

    AlertDelivery(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A failure that retries cannot fix. */
    static final class UndeliverableException extends CloacinaException {
        private static final long serialVersionUID = 1L;

        UndeliverableException(String message) {
            super(ErrorCodes.ALERT_REFUSED, message);
        }
    }

    /** A limit for each alert: deliveries to a receiver that does not answer occupy at most this many slots. */
    private static final Limit AT_ONCE = Limit.atMost(4).per(AlertMessage.ALERT);

    /** The definition, which is the same in every process. */
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
        // Only the status matters. Reading the body may hang or fail, and then an accepted message would be sent again.
        response.body().close();
        int status = response.statusCode();
        if (status / 100 == 2) {
            return;
        }
        // The path is left out because it may contain a secret.
        String answer = url.getScheme() + "://" + url.getAuthority() + " answered " + status;
        if (status / 100 == 5 || AGAIN.contains(status)) {
            throw new IOException(answer);
        }
        throw new UndeliverableException(answer + (status / 100 == 3 ? ", and redirects are not followed" : "")
                + ": correct the URL of alert '" + name + "', and retry this execution");
    }

    /** A request that is signed according to Standard Webhooks 1.0. */
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

    /** Created when it is needed, because a client has threads. */
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
