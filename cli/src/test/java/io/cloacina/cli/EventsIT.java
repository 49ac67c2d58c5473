package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.server.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command that prints what all processes have stored. */
@Timeout(120)
class EventsIT {
    @TempDir
    private Path home;

    private static Engine runner(TestDatabase database) {
        return Engine.builder(database.url())
                .workflow(WorkflowDefinition.named("order")
                        .version("1")
                        .task("ship", context -> {})
                        .build())
                .start();
    }

    /** An event is told when it has settled. */
    private static List<String> lines(Cli cli, String command, int atLeast) {
        List<String> lines = cli.run(command).out();
        while (lines.size() < atLeast) {
            Cli.pause();
            lines = cli.run(command).out();
        }
        return lines;
    }

    @DatabaseTest
    void events_are_printed_from_a_time_or_a_cursor_on(TestDatabase database) throws IOException {
        Cli cli = new Cli(home, database);
        try (Engine engine = runner(database)) {
            cli.refused(2, "the stream of events is not enabled", "events");
            assertThat(cli.lines("events --enable")).containsExactly("the stream of events is enabled");
            assertThat(cli.run("events").out()).isEmpty();
            UUID id = engine.submit("order", Map.of());
            engine.await(id);

            assertThat(lines(cli, "events", 3))
                    .hasSize(3)
                    .satisfiesExactly(
                            line -> assertThat(line).endsWith("  submitted  " + id + "  order"),
                            line -> assertThat(line).endsWith("  completed  " + id + "  order/ship"),
                            line -> assertThat(line).endsWith("  Completed  " + id + "  order"));
            List<String> json = cli.lines("events --json --since 2h");
            assertThat(json).hasSize(3);
            JsonNode task = Json.stored(json.get(1));
            assertThat(task.path("event").asText()).isEqualTo("task_ended");
            assertThat(task.path("execution").asText()).isEqualTo(id.toString());
            assertThat(task.path("task").asText()).isEqualTo("ship");
            assertThat(task.path("status").asText()).isEqualTo("Completed");
            assertThat(task.path("attempt").asInt()).isEqualTo(1);
            String cursor = task.path("cursor").asText();
            assertThat(cli.lines("events --json --since " + cursor)).containsExactly(json.get(2));
            assertThat(cli.run("events --since " + cursor).err())
                    .containsExactly("later events: --since "
                            + Json.stored(json.get(2)).path("cursor").asText());

            assertThat(cli.lines("events --disable")).containsExactly("the stream of events is disabled");
            cli.refused(2, "is not a cursor of events", "events --since 1_2");
            cli.refused(2, "is not a time", "events --since soon");
            cli.refused(2, "leave --since and --follow out", "events --enable --follow");
        }
    }

    /** What keeps everybody else from the database, until it is rolled back. */
    private static Connection lock(TestDatabase database) throws SQLException {
        Connection holder = database.jdbc();
        try (Statement statement = holder.createStatement()) {
            if (database.backend() == Backend.POSTGRES) {
                statement.execute("BEGIN");
                statement.execute("LOCK TABLE pipeline_executions, task_executions IN ACCESS EXCLUSIVE MODE");
            } else {
                statement.execute("BEGIN IMMEDIATE");
            }
        }
        return holder;
    }

    private static void unlock(Connection holder) throws SQLException {
        try (Statement statement = holder.createStatement()) {
            statement.execute("ROLLBACK");
        }
    }

    /** How the command reaches it: it does not wait long. */
    private static String impatient(TestDatabase database) {
        return database.url()
                + (database.backend() == Backend.POSTGRES ? "?options=-c%20lock_timeout%3D50ms" : "?busy_timeout=50");
    }

    @DatabaseTest
    void a_database_that_is_away_for_a_time_ends_nothing_that_is_followed(TestDatabase database) throws Exception {
        database.migrated().close();
        List<String> commands = database.backend() == Backend.POSTGRES
                ? List.of("events --follow --since 1h", "status --watch")
                : List.of("events --follow --since 1h"); // who only reads SQLite waits for nobody
        for (String command : commands) {
            try (Engine engine = runner(database);
                    PipedInputStream shown = new PipedInputStream(1 << 20);
                    PrintStream out = new PrintStream(new PipedOutputStream(shown), true, StandardCharsets.UTF_8);
                    PipedInputStream told = new PipedInputStream();
                    PrintStream err = new PrintStream(new PipedOutputStream(told), true, StandardCharsets.UTF_8);
                    BufferedReader errors = new BufferedReader(new InputStreamReader(told, StandardCharsets.UTF_8));
                    BufferedReader lines = new BufferedReader(new InputStreamReader(shown, StandardCharsets.UTF_8))) {
                engine.events().enable();
                Thread following = new Thread(() -> Main.execute(
                        out,
                        err,
                        Stream.of((command + " --database").split(" ", -1), new String[] {impatient(database)})
                                .flatMap(Arrays::stream)
                                .toArray(String[]::new)));
                UUID first = engine.submit("order", Map.of());
                engine.await(first);
                following.start();
                assertThat(lines.readLine()).isNotEmpty(); // it has begun
                try (Connection holder = lock(database)) {
                    assertThat(errors.readLine()).startsWith("the database does not answer; retrying");
                    unlock(holder);
                }
                assertThat(errors.readLine()).isEqualTo("the database answers again");
                if (command.startsWith("events")) {
                    UUID id = engine.submit("order", Map.of());
                    while (!lines.readLine().endsWith("submitted  " + id + "  order")) {
                        assertThat(following.isAlive()).isTrue();
                    }
                }
                following.interrupt();
                following.join();
            }
        }
    }

    @DatabaseTest
    void a_stream_that_is_followed_prints_what_comes(TestDatabase database) throws IOException, InterruptedException {
        try (Engine engine = runner(database);
                PipedInputStream shown = new PipedInputStream();
                PrintStream out = new PrintStream(new PipedOutputStream(shown), true, StandardCharsets.UTF_8);
                BufferedReader lines = new BufferedReader(new InputStreamReader(shown, StandardCharsets.UTF_8))) {
            engine.events().enable();
            Thread following = new Thread(() ->
                    Main.execute(out, System.err, "events", "--follow", "--since", "1h", "--database", database.url()));
            following.start();
            for (int i = 0; i < 2; i++) {
                UUID id = engine.submit("order", Map.of());
                engine.await(id);
                assertThat(lines.readLine()).endsWith("submitted  " + id + "  order");
                assertThat(lines.readLine()).contains(id + "  order/ship");
                assertThat(lines.readLine()).endsWith("Completed  " + id + "  order");
            }
            following.interrupt();
            following.join();
        }
    }
}
