package io.cloacina.benchmarks.answers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The pages of a server, and what its API answers to GET: the latter as it describes itself, so that none is forgotten. */
final class ServerAnswers {
    private static final String API = "/api/v1";

    /** Streams do not end; what they read is measured at the engine. There is no package, and no operation. */
    private static final List<String> LEFT_OUT =
            List.of("/events", "/packages/{name}/{version}", "/operations/{id}", "/hooks/{name}", "/alerts/{name}");

    private static final List<String> SEARCHES = List.of(
            "workflow=single",
            "status=Failed",
            "status=Cancelled",
            "label=tier%3Dgold",
            "error=refused",
            "schedule=schedule1",
            "version=none",
            "key=key1");
    private static final List<String> FORMS = List.of(
            "workflow=single",
            "status=Failed",
            "status=Cancelled",
            "q=tier%3Dgold",
            "error=refused",
            "schedule=schedule1",
            "q=key1");
    private static final List<String> PAGES = List.of(
            "/",
            "/health",
            "/runners",
            "/failures",
            "/failures?since=3650d",
            "/executions",
            "/workflows",
            "/workflows/single",
            "/packages",
            "/schedules",
            "/schedules/schedule1",
            "/alerts",
            "/hooks",
            "/operations",
            "/operations/preview?action=cancel&status=Failed",
            "/audit");

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI server;

    private ServerAnswers(URI server) {
        this.server = server;
    }

    static Map<String, Timed.Asked> of(URI server, UUID failed, UUID wide) throws IOException, InterruptedException {
        return new ServerAnswers(server).all(failed, wide);
    }

    private Map<String, Timed.Asked> all(UUID failed, UUID wide) throws IOException, InterruptedException {
        List<String> paths = new ArrayList<>(PAGES);
        for (UUID id : List.of(failed, wide)) {
            paths.add("/executions/" + id);
        }
        FORMS.forEach(search -> paths.add("/executions?" + search));
        JsonNode described =
                new ObjectMapper().readTree(get(API + "/openapi.json").body());
        described.get("paths").properties().forEach(each -> {
            String path = each.getKey();
            if (each.getValue().has("get") && !LEFT_OUT.contains(path)) {
                paths.add(API + filled(path, failed));
                if (path.contains("{id}")) {
                    paths.add(API + filled(path, wide));
                }
            }
        });
        SEARCHES.forEach(search -> paths.add(API + "/executions?" + search));
        Map<String, Timed.Asked> all = new LinkedHashMap<>();
        for (String path : paths) {
            String name =
                    path.replace(wide.toString(), "(of 10,000 tasks)").replace(failed.toString(), "(of one task)");
            all.put(name, () -> asked(path));
        }
        return all;
    }

    private static String filled(String path, UUID execution) {
        String filled = path.replace("{id}", execution.toString()).replace("{version}", "1");
        filled = filled.replace("{name}", path.startsWith("/schedules") ? "schedule1" : "single");
        return switch (path) {
            case "/failures" -> filled + "?since=3650d";
            case "/operations/preview" -> filled + "?action=cancel&status=Failed";
            default -> filled;
        };
    }

    private long asked(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get(path);
        if (answer.statusCode() != 200) {
            throw new IOException(path + " was answered with " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body().length;
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }
}
