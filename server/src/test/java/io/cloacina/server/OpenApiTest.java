package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.engine.Engine;
import io.cloacina.server.api.Api;
import io.cloacina.server.api.EventStreams;
import io.cloacina.server.http.Route;
import io.cloacina.server.http.Scope;
import io.cloacina.server.json.Json;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The description of the API and the API itself are the same. */
@Timeout(120)
class OpenApiTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reference", "http-api.md");
    private static final String HEADING = "## Operations";
    private static final String SOME_ID = "01890a5d-ac96-774b-bcce-b302099a8057";

    private final JsonNode document = document();
    private final Schemas schemas = new Schemas(document);
    private final Set<String> replayed = new TreeSet<>();

    @Test
    void each_route_is_described_and_each_description_has_a_route() {
        try (Engine engine = Samples.builder("sqlite::memory:").start()) {
            List<String> routes =
                    routes(engine).stream().map(OpenApiTest::named).toList();
            assertThat(described()).containsExactlyInAnyOrderElementsOf(routes);
        }
    }

    @Test
    void the_description_says_which_role_each_route_needs() {
        try (Engine engine = Samples.builder("sqlite::memory:").start()) {
            for (Route route : routes(engine)) {
                JsonNode operation = operation(named(route));
                String expected = route.role() == null ? "Needs no role." : "Needs the role " + route.role() + ".";
                assertThat(operation.path("description").asText())
                        .as(named(route))
                        .isEqualTo(expected);
                assertThat(operation.has("security")).as(named(route)).isEqualTo(route.role() == null);
            }
        }
    }

    @Test
    void the_reference_page_lists_what_is_described() throws IOException {
        String page = Files.readString(REFERENCE);
        String head = page.substring(0, page.indexOf(HEADING) + HEADING.length());
        StringBuilder expected =
                new StringBuilder(head).append("\n\n| | | role | parameters | in the body |\n|---|---|---|---|---|\n");
        for (String named : described()) {
            JsonNode operation = operation(named);
            List<String> parameters = new ArrayList<>();
            List<String> fields = new ArrayList<>();
            operation.path("parameters").forEach(each -> {
                if (!each.path("in").asText().equals("path")) {
                    parameters.add("`" + each.path("name").asText() + "`");
                }
            });
            JsonNode body = operation.at("/requestBody/content/application~1json/schema");
            body = body.has("$ref") ? document.at(body.get("$ref").asText().substring(1)) : body;
            body.path("properties").fieldNames().forEachRemaining(field -> fields.add("`" + field + "`"));
            expected.append("| `").append(named).append("` | ");
            expected.append(operation.path("summary").asText()).append(" | ");
            String role = operation.path("description").asText().replaceAll("Needs the role (.*)\\.", "$1");
            expected.append(operation.has("security") ? "" : role).append(" | ");
            expected.append(String.join(", ", parameters)).append(" | ");
            expected.append(String.join(", ", fields)).append(" |\n");
        }
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(REFERENCE, expected);
        }
        assertThat(Files.readString(REFERENCE))
                .as("docs/reference/http-api.md; write it anew with -Dtest=OpenApiTest -Dupdate.docs=true")
                .isEqualTo(expected.toString());
    }

    @DatabaseTest
    void each_answer_of_the_running_server_fits_its_description(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            Client client = Client.of(dashboard);
            String done = id(call(
                    client,
                    "POST /executions",
                    "",
                    "{\"workflow\": \"greet\", \"input\": {\"a\": 1},"
                            + " \"labels\": {\"customer\": \"ada\"}, \"priority\": 3}"));
            assertThat(call(client, "GET /executions/{id}", "/executions/" + done + "?wait=60s", null)
                            .path("status")
                            .asText())
                    .isEqualTo("Completed");
            String failed = id(call(client, "POST /executions", "", "{\"workflow\": \"break\"}"));
            call(client, "GET /executions/{id}", "/executions/" + failed + "?wait=60s", null);
            String asking = id(call(client, "POST /executions", "", "{\"workflow\": \"ask\"}"));
            reads(client, done, failed, asking);
            changes(client, done, failed, asking);
            operations(client);
            schedules(client);
            assertThat(replayed).containsExactlyInAnyOrderElementsOf(described());
        }
    }

    private void reads(Client client, String done, String failed, String asking) {
        JsonNode found = call(client, "GET /executions", "/executions?label=customer%3Dada&status=completed", null);
        assertThat(found.path("executions").size()).isEqualTo(1);
        for (String id : List.of(done, failed, asking)) {
            call(client, "GET /executions/{id}/tasks", "/executions/" + id + "/tasks", null);
            call(client, "GET /executions/{id}/attempts", "/executions/" + id + "/attempts", null);
            call(client, "GET /executions/{id}/timeline", "/executions/" + id + "/timeline", null);
            call(client, "GET /executions/{id}/context", "/executions/" + id + "/context", null);
            call(client, "GET /executions/{id}/why", "/executions/" + id + "/why", null);
        }
        assertThat(call(client, "GET /failures", "", null).path("failures").size())
                .isEqualTo(1);
        JsonNode versions = call(client, "GET /workflows", "", null).path("versions");
        assertThat(versions.size()).isEqualTo(3);
        call(client, "GET /workflows/{name}", "/workflows/greet", null);
        String version = call(client, "GET /workflows/{name}", "/workflows/greet", null)
                .at("/versions/0/version")
                .asText();
        assertThat(call(client, "GET /workflows/{name}/{version}", "/workflows/greet/" + version, null)
                        .path("tasks")
                        .size())
                .isEqualTo(2);
        call(client, "GET /packages", "", null);
        call(client, "GET /packages/{name}/{version}", "/packages/none/1", null);
        call(client, "DELETE /packages/{name}/{version}", "/packages/none/1", null);
        assertThat(call(client, "GET /runners", "", null).path("runners").size())
                .isEqualTo(1);
        // What a stream answers is in EventStreamsTest.
        assertThat(call(client, "GET /events", "", null).path("code").asText()).isEqualTo("EVENTS_OFF");
        call(client, "GET /status", "", null);
        assertThat(call(client, "GET /audit", "/audit?limit=2", null)
                        .path("entries")
                        .size())
                .isEqualTo(2);
        String hook = "/hooks/a%20b";
        call(client, "PUT /hooks/{name}", hook, "{\"workflow\": \"greet\", \"signature\": \"github\"}");
        call(
                client,
                "PUT /hooks/{name}",
                hook,
                "{\"workflow\": \"greet\", \"signature\": \"github\", \"secret\": \"0123456789abcdef\"}");
        call(client, "GET /hooks/{name}", hook, null);
        assertThat(call(client, "GET /hooks", "", null).path("hooks").size()).isEqualTo(1);
        assertThat(call(client, "POST /hooks/{name}", hook, "{}").path("code").asText())
                .isEqualTo("HOOK_SIGNATURE");
        call(client, "DELETE /hooks/{name}", hook, null);
        String alert = "/alerts/a%20b";
        call(
                client,
                "PUT /alerts/{name}",
                alert,
                "{\"kind\": \"stranded\", \"url\": \"http://127.0.0.1:9/\", \"executions\": 5}");
        call(client, "GET /alerts/{name}", alert, null);
        assertThat(call(client, "GET /alerts", "", null).path("alerts").size()).isEqualTo(1);
        call(client, "POST /alerts/{name}/disable", alert + "/disable", "");
        call(client, "POST /alerts/{name}/enable", alert + "/enable", "");
        assertThat(call(client, "POST /alerts/{name}/test", alert + "/test", "")
                        .path("code")
                        .asText())
                .isEqualTo("ALERTS_OFF");
        call(client, "DELETE /alerts/{name}", alert, null);
        call(client, "GET /health/live", "", null);
        call(client, "GET /health/ready", "", null);
        call(client, "GET /openapi.json", "", null);
    }

    private void changes(Client client, String done, String failed, String asking) {
        String one = "/executions/" + asking;
        call(client, "POST /executions/{id}/pause", one + "/pause", "{\"reason\": \"lunch\"}");
        call(client, "POST /executions/{id}/resume", one + "/resume", null);
        call(client, "POST /executions/{id}/signals/{name}", one + "/signals/answer", "{\"value\": [42]}");
        call(client, "GET /executions/{id}", one + "?wait=60s", null);
        call(client, "POST /executions/{id}/cancel", "/executions/" + done + "/cancel", null);
        call(client, "POST /executions/{id}/retry", "/executions/" + failed + "/retry", null);
        call(client, "GET /executions/{id}", "/executions/" + failed + "?wait=60s", null);
        call(client, "POST /executions/{id}/restart", "/executions/" + done + "/restart", "{\"from\": \"bye\"}");
        call(client, "POST /executions/{id}/cancel", "/executions/" + SOME_ID + "/cancel", null);
    }

    private void operations(Client client) {
        JsonNode preview = call(
                client, "GET /operations/preview", "/operations/preview?action=restart&workflow=greet&limit=1", null);
        assertThat(preview.path("code").asText()).isEqualTo("MALFORMED_REQUEST");
        preview = call(client, "GET /operations/preview", "/operations/preview?action=restart&workflow=break", null);
        assertThat(preview.at("/fitting/Failed").asInt()).isEqualTo(1);
        JsonNode started = call(
                client,
                "POST /operations",
                "/operations?workflow=break&status=failed",
                "{\"action\": \"restart\", \"from\": \"fall\"}");
        assertThat(started.path("requested_by").asText()).isEqualTo("local");
        assertThat(call(client, "GET /operations", "", null).path("operations").size())
                .isEqualTo(1);
        String one = "/operations/" + id(started);
        call(client, "GET /operations/{id}", one, null);
        assertThat(call(client, "POST /operations/{id}/stop", one + "/stop", null)
                        .path("state")
                        .asText())
                .isIn("Stopped", "Completed");
        call(client, "POST /operations", "/operations", "{\"action\": \"retry\"}");
        call(client, "GET /operations/{id}", "/operations/" + SOME_ID, null);
    }

    private void schedules(Client client) {
        String one = "/schedules/each%20%2F%20day";
        call(
                client,
                "PUT /schedules/{name}",
                one,
                "{\"workflow\": \"greet\", \"cron\": \"0 7 * * *\","
                        + " \"zone\": \"Europe/Berlin\", \"catch_up\": {\"policy\": \"run_all\", \"at_most\": 3}}");
        assertThat(call(client, "GET /schedules/{name}", one, null).path("name").asText())
                .isEqualTo("each / day");
        assertThat(call(client, "GET /schedules", "", null).path("schedules").size())
                .isEqualTo(1);
        assertThat(call(client, "POST /schedules/{name}/disable", one + "/disable", null)
                        .path("enabled")
                        .asBoolean(true))
                .isFalse();
        call(client, "POST /schedules/{name}/enable", one + "/enable", null);
        call(client, "POST /schedules/{name}/fire", one + "/fire", null);
        call(client, "GET /schedules/{name}/next", one + "/next?count=3", null);
        call(client, "GET /schedules/{name}/history", one + "/history", null);
        call(client, "GET /schedules/{name}/statistics", one + "/statistics", null);
        call(client, "DELETE /schedules/{name}", one, null);
    }

    /** Calls an operation and compares what it answers with what it says that it does; the path may be its own. */
    private JsonNode call(Client client, String operation, String path, @Nullable String body) {
        replayed.add(operation);
        String[] both = operation.split(" ", 2);
        Client sender = body == null ? client : client.with("Content-Type", "application/json");
        HttpResponse<String> answer = sender.send(both[0], Api.ROOT + (path.isEmpty() ? both[1] : path), body);
        JsonNode responses = operation(operation).path("responses");
        JsonNode response = responses.path(String.valueOf(answer.statusCode()));
        response = response.isMissingNode() ? responses.path("default") : response;
        response =
                response.has("$ref") ? document.at(response.get("$ref").asText().substring(1)) : response;
        if (!response.has("content")) {
            assertThat(answer.body()).isEmpty();
            return Json.fields();
        }
        JsonNode content = response.path("content").path(Client.header(answer, "Content-Type"));
        assertThat(content.isMissingNode())
                .as(operation + ": " + answer.statusCode() + " " + answer.body())
                .isFalse();
        JsonNode value = Client.json(answer);
        assertThat(schemas.differences(content.path("schema"), value))
                .as(operation)
                .isEmpty();
        return value;
    }

    private static String id(JsonNode execution) {
        assertThat(execution.has("id")).as(execution.toString()).isTrue();
        return execution.path("id").asText();
    }

    private JsonNode operation(String named) {
        String[] both = named.split(" ", 2);
        return document.path("paths").path(both[1]).path(both[0].toLowerCase(Locale.ROOT));
    }

    private List<String> described() {
        List<String> all = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return all;
    }

    private static List<Route> routes(Engine engine) {
        return Api.routes(new Scope(engine, false, false), new EventStreams(engine.events()::after));
    }

    private static String named(Route route) {
        assertThat(route.template()).startsWith(Api.ROOT);
        return route.method() + " " + route.template().substring(Api.ROOT.length());
    }

    private static JsonNode document() {
        try (InputStream in = CloacinaServlet.class.getResourceAsStream("openapi.json")) {
            return Json.stored(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
