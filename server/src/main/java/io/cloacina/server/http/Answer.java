package io.cloacina.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request.
 *
 * @param headers by name; headers that protect every answer are added later
 * @param stream writes the body later, and ends it; null if {@code body} is complete
 */
@SuppressWarnings("ArrayRecordComponent") // it is written once, and never compared
public record Answer(
        int status,
        Map<String, String> headers,
        byte[] body,
        @Nullable Stream stream) {
    /** A body that is written while it is produced. */
    @FunctionalInterface
    public interface Stream {
        /** Starts writing; the body is ended by completing the context. */
        void begin(AsyncContext context) throws IOException;
    }

    /** An answer with a complete body. */
    public Answer(int status, Map<String, String> headers, byte[] body) {
        this(status, headers, body, null);
    }

    /** Success, with a body of that type that is written later. */
    public static Answer stream(String type, Stream stream) {
        return new Answer(200, Map.of("Content-Type", type), new byte[0], stream);
    }

    /** Success, with JSON. */
    public static Answer json(JsonNode node) {
        return json(200, node);
    }

    /** JSON. */
    public static Answer json(int status, JsonNode node) {
        return text(status, "application/json", node.toString());
    }

    /** Success, with a page. */
    public static Answer html(String page) {
        return html(200, page);
    }

    /** A page. */
    public static Answer html(int status, String page) {
        return text(status, "text/html; charset=utf-8", page);
    }

    /** Text of that type. */
    public static Answer text(int status, String type, String text) {
        return new Answer(status, Map.of("Content-Type", type), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Success, without a body. */
    public static Answer empty() {
        return new Answer(204, Map.of(), new byte[0]);
    }

    /**
     * Redirects the browser to another page of this server, as after each form.
     *
     * @param url with the prefix: {@link Call#url}
     */
    public static Answer seeOther(String url) {
        return new Answer(303, Map.of("Location", url), new byte[0]);
    }

    /** A copy with another header. */
    public Answer with(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new Answer(status, all, body, stream);
    }
}
