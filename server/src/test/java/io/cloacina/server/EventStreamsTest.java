package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.EventPage;
import io.cloacina.server.access.Role;
import io.cloacina.server.json.Json;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stream of events over HTTP, as browsers and programs follow it. */
@Timeout(120)
class EventStreamsTest {
    private static final String EVENTS = "/api/v1/events";
    private static final HttpClient HTTP = Client.http();

    /** An event as it came: its id, its name and its data. */
    private record Told(String id, String name, JsonNode data) {
        String what() {
            return name + " " + data.path("status").asText() + " "
                    + data.path("task").asText();
        }
    }

    /** A stream that is open. */
    private static final class Following implements AutoCloseable {
        private final HttpResponse<Stream<String>> answer;
        private final Iterator<String> lines;

        Following(Dashboard dashboard, String parameters, String... headers) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(dashboard.uri() + EVENTS.substring(1) + parameters));
            if (headers.length > 0) {
                request.headers(headers);
            }
            answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            lines = answer.body().iterator();
            assertThat(lines.next()).isEqualTo("retry: 1000");
            assertThat(lines.next()).isEmpty();
        }

        Told next() {
            String id = lines.next();
            // A heartbeat may come between.
            while (id.isEmpty() || id.startsWith(":")) {
                id = lines.next();
            }
            String name = lines.next();
            String data = lines.next();
            assertThat(lines.next()).isEmpty();
            assertThat(List.of(id, name, data))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("id: "),
                            line -> assertThat(line).startsWith("event: "),
                            line -> assertThat(line).startsWith("data: "));
            return new Told(id.substring(4), name.substring(7), Json.stored(data.substring(6)));
        }

        List<Told> next(int number) {
            return Stream.generate(this::next).limit(number).toList();
        }

        /** Whether the server has ended it. */
        boolean hasEnded() {
            try {
                while (lines.hasNext()) {
                    lines.next();
                }
                return true;
            } catch (UncheckedIOException e) {
                return true;
            }
        }

        @Override
        public void close() {
            answer.body().close();
        }
    }

    private static Engine engine(TestDatabase database) {
        Engine engine = Samples.builder(database.url()).start();
        engine.events().enable();
        return engine;
    }

    private static JsonNode description() throws IOException {
        try (InputStream in = CloacinaServlet.class.getResourceAsStream("openapi.json")) {
            return Json.stored(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @DatabaseTest
    void a_stream_tells_what_comes_and_continues_after_the_last_event_that_was_received(TestDatabase database)
            throws Exception {
        JsonNode description = description();
        Schemas schemas = new Schemas(description);
        try (Engine engine = engine(database);
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            List<Told> all;
            UUID id;
            try (Following following = new Following(dashboard, "")) {
                assertThat(following.answer.headers().firstValue("Content-Type"))
                        .contains("text/event-stream");
                assertThat(following.answer.headers().firstValue("Cache-Control"))
                        .contains("no-store");
                id = engine.submit("greet", Map.of("secret", "4711"));
                engine.await(id);
                all = following.next(4);
            }
            assertThat(all)
                    .extracting(Told::what)
                    .containsExactly(
                            "execution_submitted null null",
                            "task_ended Completed hello",
                            "task_ended Completed bye",
                            "execution_ended Completed null");
            for (Told told : all) {
                assertThat(schemas.differences(description.at("/components/schemas/Event"), told.data()))
                        .isEmpty();
                assertThat(told.data().path("execution").asText()).isEqualTo(id.toString());
                assertThat(told.data().path("cursor").asText()).isEqualTo(told.id());
                assertThat(told.data().toString()).doesNotContain("4711");
            }

            String second = all.get(1).id();
            try (Following again = new Following(dashboard, "", "Last-Event-ID", second);
                    Following since = new Following(dashboard, "?since=1h");
                    Following from = new Following(dashboard, "?since=" + second)) {
                assertThat(again.next(2)).isEqualTo(all.subList(2, 4));
                assertThat(since.next(4)).isEqualTo(all);
                assertThat(from.next(2)).isEqualTo(all.subList(2, 4));
                // All have caught up, and receive the same from now on.
                engine.submit("break", Map.of());
                assertThat(again.next(3)).isEqualTo(since.next(3)).isEqualTo(from.next(3));
            }
        }
    }

    @DatabaseTest
    void a_client_that_was_away_is_told_everything_since_and_then_what_comes(TestDatabase database) throws Exception {
        try (Engine engine = engine(database);
                Dashboard dashboard = Dashboard.on(engine).port(0).start();
                Following present = new Following(dashboard, "")) {
            List<UUID> ids = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                ids.add(engine.submit("greet", Map.of()));
            }
            ids.forEach(engine::await);
            List<Told> all = present.next(1_200);
            assertThat(all.stream().map(Told::id).toList())
                    .doesNotHaveDuplicates()
                    .isSorted();
            try (Following behind = new Following(
                    dashboard, "", "Last-Event-ID", EventCursor.beginning().toString())) {
                engine.await(engine.submit("greet", Map.of()));
                assertThat(behind.next(1_204))
                        .startsWith(all.toArray(Told[]::new))
                        .endsWith(present.next(4).toArray(Told[]::new));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 409, EVENTS_OFF",
        "'', tomorrow, 400, INVALID_CURSOR",
        "'?since=soon', '', 400, MALFORMED_REQUEST",
        "'?since=1_2', '', 400, INVALID_CURSOR",
        "'?until=1h', '', 400, MALFORMED_REQUEST"
    })
    void what_is_wrong_is_answered_as_a_problem(String parameters, String last, int status, String code) {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start()) {
            Client client = Client.of(dashboard);
            HttpResponse<String> answer =
                    (last.isEmpty() ? client : client.with("Last-Event-ID", last)).get(EVENTS + parameters);

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(Client.code(answer)).isEqualTo(code);
            assertThat(Client.header(answer, "Content-Type")).isEqualTo("application/problem+json");
        }
    }

    @Test
    void nobody_follows_events_who_may_not_read() {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine)
                        .port(0)
                        .settings(ServerSettings.defaults().token("rita", Role.READ, "0123456789abcdef"))
                        .start()) {
            assertThat(Client.of(dashboard).get(EVENTS).statusCode()).isEqualTo(401);
            engine.events().enable();
            HttpResponse<String> head =
                    Client.of(dashboard).token("0123456789abcdef").send("HEAD", EVENTS, null);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(Client.header(head, "Content-Type")).isEqualTo("text/event-stream");
        }
    }

    @Test
    void there_is_a_bound_and_all_streams_end_with_the_server() throws Exception {
        try (Engine engine = Samples.builder("sqlite::memory:").start()) {
            Dashboard dashboard = Dashboard.on(engine).port(0).start();
            engine.events().enable();
            List<Following> open = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                open.add(new Following(dashboard, ""));
            }
            HttpResponse<String> refused = Client.of(dashboard).get(EVENTS);
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(Client.code(refused)).isEqualTo("TOO_MANY_STREAMS");
            assertThat(Client.of(dashboard).get("/api/v1/status").statusCode()).isEqualTo(200);

            dashboard.close();
            assertThat(open).allMatch(Following::hasEnded);
        }
    }

    @Test
    void streams_end_with_the_engine_and_are_told_why_when_they_come_back() throws Exception {
        try (Engine engine = Samples.builder("sqlite::memory:").start();
                Dashboard dashboard = Dashboard.on(engine).port(0).start();
                Following following = openedOn(engine, dashboard)) {
            engine.stop();

            assertThat(following.hasEnded()).isTrue();
            assertThat(Client.code(Client.of(dashboard).get(EVENTS))).isEqualTo("ENGINE_NOT_RUNNING");
        }
    }

    @Test
    void a_container_that_may_not_answer_later_is_named_in_the_answer() throws Exception {
        Server server = new Server(0);
        try (Engine engine = Samples.builder("sqlite::memory:").start()) {
            engine.events().enable();
            ServletHolder servlet = new ServletHolder(new CloacinaServlet(engine, ServerSettings.defaults()));
            servlet.setAsyncSupported(false);
            ServletContextHandler context = new ServletContextHandler();
            context.addServlet(servlet, "/*");
            server.setHandler(context);
            server.start();
            HttpResponse<String> answer =
                    Client.at("http://localhost:" + server.getURI().getPort()).get(EVENTS);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(Client.code(answer)).isEqualTo("ASYNC_OFF");
        } finally {
            server.stop();
        }
    }

    private static Following openedOn(Engine engine, Dashboard dashboard) throws Exception {
        engine.events().enable();
        EventPage none = engine.events().after(EventCursor.beginning(), 1);
        assertThat(none.events()).isEmpty();
        return new Following(dashboard, "");
    }
}
