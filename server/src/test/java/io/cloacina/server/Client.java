package io.cloacina.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.server.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Speaks HTTP with a server, as programs and browsers do; nothing is added to what a test says. */
final class Client {
    static {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String root;
    private final List<String> headers;

    private Client(String root, List<String> headers) {
        this.root = root;
        this.headers = headers;
    }

    /** The client of this JVM; the JDK reads its settings when the first one is made, so nobody makes another one before. */
    static HttpClient http() {
        return HTTP;
    }

    static Client of(Dashboard dashboard) {
        return at(dashboard.uri().toString().replaceFirst("/$", ""));
    }

    static Client at(String root) {
        return new Client(root, List.of());
    }

    /** The same, which sends one more header. */
    Client with(String name, String value) {
        List<String> all = new ArrayList<>(headers);
        all.add(name);
        all.add(value);
        return new Client(root, all);
    }

    Client token(String token) {
        return with("Authorization", "Bearer " + token);
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, null);
    }

    HttpResponse<String> post(String path, String json) {
        return with("Content-Type", "application/json").send("POST", path, json);
    }

    HttpResponse<String> form(String path, String form) {
        return with("Content-Type", "application/x-www-form-urlencoded").send("POST", path, form);
    }

    HttpResponse<String> send(String method, String path, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> answer) {
        return Json.stored(answer.body());
    }

    /** The code of an error. */
    static String code(HttpResponse<String> answer) {
        return json(answer).path("code").asText();
    }

    /** What a header of an answer says; empty if it is absent. */
    static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
