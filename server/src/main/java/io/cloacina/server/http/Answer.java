package io.cloacina.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent back.
 *
 * @param headers by name; those that protect every answer are added later
 */
@SuppressWarnings("ArrayRecordComponent") // it is written once, and never compared
public record Answer(int status, Map<String, String> headers, byte[] body) {
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

    /** Success, and nothing to say. */
    public static Answer empty() {
        return new Answer(204, Map.of(), new byte[0]);
    }

    /**
     * The browser shows another page of this server, as after each form.
     *
     * @param url with the prefix: {@link Call#url}
     */
    public static Answer seeOther(String url) {
        return new Answer(303, Map.of("Location", url), new byte[0]);
    }

    /** The same with another header. */
    public Answer with(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new Answer(status, all, body);
    }
}
