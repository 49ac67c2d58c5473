package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs rely on, beyond the forms that {@link OpenApiTest} compares. */
@Timeout(60)
class ApiTest {
    private static final String EXECUTIONS = "/api/v1/executions";

    @DatabaseTest
    void what_is_sent_again_with_its_key_is_submitted_once(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            Client client = Client.of(dashboard).with("Idempotency-Key", "order-42");
            HttpResponse<String> first = client.post(EXECUTIONS, "{\"workflow\": \"greet\"}");
            HttpResponse<String> again = client.post(EXECUTIONS, "{\"workflow\": \"greet\"}");

            assertThat(first.statusCode()).isEqualTo(201);
            assertThat(Client.header(first, "Location"))
                    .isEqualTo(EXECUTIONS + "/" + Client.json(first).path("id").asText());
            assertThat(Client.json(again).path("id"))
                    .isEqualTo(Client.json(first).path("id"));
            assertThat(engine.list(ExecutionQuery.all())).hasSize(1);
        }
    }

    @DatabaseTest
    void a_start_and_a_deadline_are_durations_or_times(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            Client client = Client.of(dashboard);
            JsonNode later = Client.json(
                    client.post(EXECUTIONS, "{\"workflow\": \"greet\", \"delay\": \"1h\", \"deadline\": \"1h30m\"}"));
            JsonNode at = Client.json(client.post(
                    EXECUTIONS,
                    "{\"workflow\": \"greet\", \"start_at\": \"2126-03-01T17:05:00Z\","
                            + " \"deadline_at\": \"2126-03-01T19:05:00+01:00\"}"));

            HttpResponse<String> absent = client.post(
                    EXECUTIONS,
                    "{\"workflow\": \"greet\", \"delay\": \"1h\", \"start_at\": null, \"deadline\": \"2h\","
                            + " \"deadline_at\": null}");

            assertThat(absent.statusCode()).as(absent.body()).isEqualTo(201);
            assertThat(client.post(EXECUTIONS, "{\"workflow\": \"greet\", \"deadline\": \"36501d\"}")
                            .body())
                    .contains("deadline must be a duration of up to 100 years");
            assertThat(Instant.parse(later.path("deadline_at").asText()))
                    .isEqualTo(Instant.parse(later.path("start_after").asText()).plusSeconds(5_400));
            assertThat(Instant.parse(at.path("start_after").asText())).isEqualTo(Instant.parse("2126-03-01T17:05:00Z"));
            assertThat(Instant.parse(at.path("deadline_at").asText())).isEqualTo(Instant.parse("2126-03-01T18:05:00Z"));
        }
    }

    @DatabaseTest
    void all_failed_executions_of_a_search_are_retried_at_once_and_each_attempt_keeps_its_stack(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            List<UUID> failed = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                failed.add(engine.submit("break", Map.of("n", i)));
            }
            failed.forEach(engine::await);
            Client client = Client.of(dashboard);
            String search = "workflow=break&status=failed";
            JsonNode preview = Client.json(client.get("/api/v1/operations/preview?action=retry&" + search));
            assertThat(preview.at("/fitting/Failed").asInt()).isEqualTo(3);

            HttpResponse<String> started = client.post("/api/v1/operations?" + search, "{\"action\": \"retry\"}");
            assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
            UUID operation = UUID.fromString(Client.json(started).path("id").asText());
            await(() -> engine.operations().find(operation).orElseThrow().isEnded());
            failed.forEach(engine::await);

            JsonNode done = Client.json(client.get(Client.header(started, "Location")));
            assertThat(done.path("done").asInt()).isEqualTo(3);
            assertThat(done.path("state").asText()).isEqualTo("Completed");
            JsonNode attempts = Client.json(client.get(EXECUTIONS + "/" + failed.get(0) + "/attempts?task=fall"));
            assertThat(attempts.path("attempts")).hasSize(2).allSatisfy(attempt -> {
                assertThat(attempt.path("outcome").asText()).isEqualTo("Failed");
                assertThat(attempt.path("error").asText()).contains("IllegalStateException", "\tat ");
            });
        }
    }

    @DatabaseTest
    void an_operation_that_is_sent_again_with_its_key_is_started_once(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            Client client = Client.of(dashboard).with("Idempotency-Key", "night-42");
            HttpResponse<String> first = client.post("/api/v1/operations?all=true", "{\"action\": \"cancel\"}");
            HttpResponse<String> again = client.post("/api/v1/operations?all=true", "{\"action\": \"cancel\"}");

            assertThat(again.statusCode()).isEqualTo(201);
            assertThat(Client.header(again, "Location")).isEqualTo(Client.header(first, "Location"));
            assertThat(engine.operations().list(10)).hasSize(1);
        }
    }

    @DatabaseTest
    void an_execution_tells_its_parent(TestDatabase database) {
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task("delegate", context -> context.output(Map.of("a", 1)), task -> task.child("greet"))
                .build();
        try (Engine engine = Samples.builder(database.url()).workflow(parent).start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            UUID id = engine.submit("parent", Map.of());
            engine.await(id);
            UUID child = engine.list(ExecutionQuery.all().parent(id)).get(0).id();

            Client client = Client.of(dashboard);
            assertThat(engine.parent(child).map(Execution::id)).contains(id);
            assertThat(engine.parent(id)).isEmpty();
            assertThat(Client.json(client.get(EXECUTIONS + "/" + child))
                            .path("parent")
                            .asText())
                    .isEqualTo(id.toString());
            assertThat(client.get("/executions/" + child).body()).contains("Child of", "/executions/" + id);
            assertThat(client.get("/executions/" + id).body()).contains("/executions/" + child);
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    @DatabaseTest
    void pages_neither_repeat_nor_miss_an_execution(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            for (int i = 0; i < 7; i++) {
                engine.submit("greet", Map.of("n", i));
            }
            List<String> expected = engine.list(ExecutionQuery.all()).stream()
                    .map(Execution::id)
                    .map(UUID::toString)
                    .toList();
            List<String> found = new ArrayList<>();
            String before = "";
            do {
                JsonNode page = Client.json(Client.of(dashboard).get(EXECUTIONS + "?limit=3" + before));
                page.path("executions")
                        .forEach(each -> found.add(each.path("id").asText()));
                before = page.path("next").isNull()
                        ? ""
                        : "&before=" + page.path("next").asText();
                engine.submit("greet", Map.of());
            } while (!before.isEmpty());

            assertThat(found).isEqualTo(expected);
        }
    }

    @DatabaseTest
    void tasks_attempts_and_the_timeline_are_paged(TestDatabase database) {
        try (Engine engine = Samples.builder(database.url()).start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            UUID id = engine.submit("greet", Map.of());
            engine.await(id);
            Client client = Client.of(dashboard);
            for (String list : List.of("tasks", "attempts", "timeline")) {
                String path = EXECUTIONS + "/" + id + "/" + list + "?limit=1";
                String field = list.equals("attempts") ? "attempts" : "tasks";
                String name = list.equals("attempts") ? "task" : "name";
                JsonNode first = Client.json(client.get(path));
                assertThat(first.path(field)).hasSize(1);
                assertThat(first.path(field).get(0).path(name).asText()).isEqualTo("hello");
                JsonNode second = Client.json(
                        client.get(path + "&after=" + first.path("next").asText()));
                assertThat(second.path(field).get(0).path(name).asText()).isEqualTo("bye");
                assertThat(client.get(path + "&after=nowhere").statusCode()).isEqualTo(400);
            }
            HttpResponse<String> page = client.get("/executions/" + id + "?tasks=Completed");
            assertThat(page.body()).contains("task-hello", "task-bye");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/executions?status=broken||400|MALFORMED_REQUEST",
                "POST|/executions|{\"workflow\": \"greet\", \"deadline\": \"soon\"}|400|MALFORMED_REQUEST",
                "POST|/executions|{\"workflow\": \"greet\", \"deadline\": 90}|400|MALFORMED_REQUEST",
                "POST|/executions|{\"workflow\": \"greet\", \"deadline\": \"0s\"}|400|INVALID_DEADLINE",
                "POST|/executions|{\"workflow\": \"greet\", \"deadline_at\": \"5m\"}|400|MALFORMED_REQUEST",
                "POST|/executions|{\"workflow\": \"greet\", \"deadline\": \"1h\","
                        + " \"deadline_at\": \"2126-03-01T17:05:00Z\"}|400|MALFORMED_REQUEST",
                "GET|/executions?limit=501||400|MALFORMED_REQUEST",
                "GET|/executions?limit=-1||400|MALFORMED_REQUEST",
                "GET|/executions?before=x||400|MALFORMED_REQUEST",
                "GET|/executions?since=yesterday||400|MALFORMED_REQUEST",
                "GET|/executions?colour=red||400|MALFORMED_REQUEST",
                "GET|/executions?label=red||400|MALFORMED_REQUEST",
                "GET|/executions?id=%27%3B--||400|INVALID_QUERY",
                "GET|/executions/1||400|MALFORMED_REQUEST",
                "GET|/executions/01890a5d-ac96-774b-bcce-b302099a8057||404|UNKNOWN_EXECUTION",
                "GET|/executions/01890a5d-ac96-774b-bcce-b302099a8057/tasks||404|UNKNOWN_EXECUTION",
                "GET|/executions/01890a5d-ac96-774b-bcce-b302099a8057?wait=61s||400|MALFORMED_REQUEST",
                "GET|/workflows/none||404|UNKNOWN_WORKFLOW",
                "GET|/workflows/greet/none||404|UNKNOWN_WORKFLOW",
                "GET|/schedules/none||404|UNKNOWN_SCHEDULE",
                "DELETE|/schedules/none||404|UNKNOWN_SCHEDULE",
                "GET|/packages/a/1||404|UNKNOWN_PACKAGE",
                "GET|/operations/preview?status=failed||400|MALFORMED_REQUEST",
                "GET|/operations/preview?action=retry||400|MALFORMED_REQUEST",
                "GET|/operations/preview?action=explode&all=true||400|MALFORMED_REQUEST",
                "GET|/operations/preview?action=retry&status=&id=||400|MALFORMED_REQUEST",
                "GET|/operations/01890a5d-ac96-774b-bcce-b302099a8057||404|UNKNOWN_OPERATION",
                "POST|/operations/01890a5d-ac96-774b-bcce-b302099a8057/stop||404|UNKNOWN_OPERATION",
                "POST|/operations|{\"action\": \"delete\"}|400|MALFORMED_REQUEST",
                "POST|/operations?all=true&status=failed|{\"action\": \"delete\"}|400|MALFORMED_REQUEST",
                "POST|/operations?all=yes|{\"action\": \"delete\"}|400|MALFORMED_REQUEST",
                "POST|/operations?status=failed|{\"action\": \"retry\", \"reason\": \"x\"}|400|MALFORMED_REQUEST",
                "POST|/operations?status=failed|{\"action\": \"restart\", \"from\": \" \"}|400|INVALID_NAME",
                "POST|/operations?status=failed|{}|400|MALFORMED_REQUEST",
                "GET|/executions/01890a5d-ac96-774b-bcce-b302099a8057/attempts||404|UNKNOWN_EXECUTION",
                "POST|/status||405|METHOD_NOT_ALLOWED",
                "POST|/executions|{\"workflow\": \"none\"}|404|UNKNOWN_WORKFLOW",
                "POST|/executions|{}|400|MALFORMED_REQUEST",
                "POST|/executions|[1]|400|NOT_JSON",
                "POST|/executions|{\"workflow\"|400|NOT_JSON",
                "POST|/executions|{\"workflow\": \"greet\", \"inputs\": {}}|400|MALFORMED_REQUEST",
                "POST|/executions|{\"workflow\": \"greet\", \"input\": []}|400|MALFORMED_REQUEST",
                "POST|/executions|{\"workflow\": \"greet\", \"priority\": 1.5}|400|MALFORMED_REQUEST",
                "POST|/executions|{\"workflow\": \"greet\", \"labels\": {\"a\": 1}}|400|MALFORMED_REQUEST",
                "POST|/executions|{\"workflow\": \"greet\", \"labels\": {\"a\": \" \"}}|400|INVALID_LABEL",
                "POST|/executions|{\"workflow\": \"greet\", \"delay\": \"soon\"}|400|MALFORMED_REQUEST",
                "PUT|/schedules/s|{\"workflow\": \"greet\", \"cron\": \"often\"}|400|INVALID_CRON",
                "PUT|/schedules/s|{\"workflow\": \"greet\", \"cron\": \"0 7 * * *\", \"input\": {\"schedule\": 1}}|400"
                        + "|INVALID_INPUT",
                "PUT|/schedules/s|{\"workflow\": \"greet\", \"cron\": \"0 7 * * *\", \"zone\": \"Mars\"}|400|INVALID_ZONE",
            })
    void a_bad_request_is_refused_with_a_code(String method, String path, String body, int status, String code) {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            Client client = Client.of(dashboard).with("Content-Type", "application/json");
            HttpResponse<String> answer = client.send(method, "/api/v1" + path, body);

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(Client.code(answer)).isEqualTo(code);
            assertThat(Client.header(answer, "Content-Type")).isEqualTo("application/problem+json");
            assertThat(engine.list(ExecutionQuery.all())).isEmpty();
        }
    }

    @Test
    void what_the_state_does_not_allow_is_a_conflict() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            UUID id = engine.submit("greet", Map.of());
            engine.await(id);
            HttpResponse<String> answer = Client.of(dashboard).post(EXECUTIONS + "/" + id + "/pause", "{}");

            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(Client.code(answer)).isEqualTo("EXECUTION_STATE");
        }
    }

    @Test
    void a_body_that_is_too_large_is_refused() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            String body = "{\"workflow\": \"greet\", \"input\": {\"a\": \"" + "x".repeat(4 << 20) + "\"}}";

            assertThat(Client.code(Client.of(dashboard).post(EXECUTIONS, body))).isEqualTo("BODY_TOO_LARGE");
        }
    }

    @Test
    void all_is_below_the_prefix_and_nothing_beside_it() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard =
                        Dashboard.on(engine).port(0).prefix("/ops/cloacina").start()) {
            assertThat(dashboard.uri().getPath()).isEqualTo("/ops/cloacina/");
            Client client = Client.of(dashboard);
            assertThat(client.get("/api/v1/status").statusCode()).isEqualTo(200);
            assertThat(client.get("/").body()).contains("href=\"/ops/cloacina/static/");
            HttpResponse<String> submitted = client.post(EXECUTIONS, "{\"workflow\": \"greet\"}");
            assertThat(Client.header(submitted, "Location")).startsWith("/ops/cloacina/api/v1/executions/");
            HttpResponse<String> beside =
                    Client.at("http://" + dashboard.uri().getAuthority()).get("/api/v1/status");
            assertThat(beside.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void a_file_of_the_page_is_kept_by_the_browser_until_it_changes() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            Client client = Client.of(dashboard);
            String path = client.get("/").body().replaceFirst("(?s).*?href=\"(/static/[^\"]+\\.css)\".*", "$1");
            HttpResponse<String> file = client.get(path);
            assertThat(file.statusCode()).isEqualTo(200);
            assertThat(Client.header(file, "Cache-Control")).contains("immutable");
            String tag = Client.header(file, "ETag");
            assertThat(client.with("If-None-Match", tag).get(path).statusCode()).isEqualTo(304);
        }
    }

    @Test
    void a_server_is_started_once_and_says_why_it_is_not() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            int port = dashboard.uri().getPort();
            for (Dashboard other : List.of(dashboard, Dashboard.on(engine).port(port))) {
                assertThatThrownBy(other::start)
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("SERVER_NOT_STARTED"))
                        .hasMessageContaining(String.valueOf(port));
            }
            for (String prefix : List.of("cloacina", "/", "/a/", "/a/../b", "/a b", "/*")) {
                assertThatThrownBy(() -> Dashboard.on(engine).prefix(prefix)).isInstanceOf(CloacinaException.class);
            }
            assertThatThrownBy(
                            () -> ServerSettings.defaults().token("ada", io.cloacina.server.access.Role.READ, "short"))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_TOKEN"));
        }
    }

    @Test
    void a_server_whose_engine_is_closed_says_that_it_is_not_ready() {
        Engine engine = Samples.builder("sqlite::memory:").start();
        try (Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            engine.close();
            assertThat(Client.of(dashboard).get("/api/v1/health/ready").statusCode())
                    .isEqualTo(503);
            assertThat(Client.of(dashboard).get("/api/v1/health/live").statusCode())
                    .isEqualTo(200);
            HttpResponse<String> answer = Client.of(dashboard).get("/api/v1/status");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(Client.code(answer)).isEqualTo("ENGINE_CLOSED");
        }
    }
}
