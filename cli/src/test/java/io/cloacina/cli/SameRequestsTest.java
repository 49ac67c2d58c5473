package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.server.Dashboard;
import io.cloacina.server.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * What can be asked for in Java can be asked for over HTTP, on the page and on the command line; what cannot is listed with the
 * reason.
 */
class SameRequestsTest {
    private static final Path TEMPLATES = Path.of("..", "server", "src", "main", "jte");

    /** Precedes the reason why a setter is missing somewhere. */
    private static final String NO = "no: ";

    private static final String NO_ZONE =
            NO + "a page does not know the time zone of its reader; the duration beside it says the same";
    private static final String NO_SCHEDULES =
            NO + "the page shows, fires and switches schedules; a program, the API or the command line stores them";
    private static final String OTHER_SETTER = NO + "the other setter of the same value is there";
    private static final String ONE_PAGE = NO + "a page of the list has a fixed length";
    private static final String FIXED_SCAN = NO + "fixed, so that an answer takes a limited time";

    private final JsonNode document = document();

    /**
     * Where a setter is: the field or parameter of the API, the field of the page's form, the option or parameter of a command; or
     * several of them.
     */
    private record Places(String api, String page, String cli) {}

    @Test
    void a_submission_is_the_same_everywhere() {
        Map<String, Places> places = new LinkedHashMap<>();
        places.put("of(String)", new Places("workflow", NO + "the form is on the page of a workflow", "WORKFLOW"));
        places.put("input(Map)", new Places("input", "more", "--input"));
        places.put("input(String, Object)", new Places(OTHER_SETTER, OTHER_SETTER, OTHER_SETTER));
        places.put("idempotencyKey(String)", new Places("Idempotency-Key", "key", "--key"));
        places.put("label(String, String)", new Places("labels", "labels", "--label"));
        String interceptors = NO + "it is for interceptors, which are code of the submitting program";
        places.put("carrying(String, String)", new Places(interceptors, interceptors, interceptors));
        places.put("priority(int)", new Places("priority", "priority", "--priority"));
        places.put("delay(Duration)", new Places("delay", "delay", "--delay"));
        places.put("startAt(Instant)", new Places("start_at", NO_ZONE, "--start-at"));
        places.put("deadline(Duration)", new Places("deadline", "deadline", "--deadline"));
        places.put("deadline(Instant)", new Places("deadline_at", NO_ZONE, "--deadline-at"));

        compare(Submission.class, places, "POST /executions", "workflow.jte", "run");
    }

    @Test
    void a_schedule_is_the_same_everywhere() {
        Map<String, Places> places = new LinkedHashMap<>();
        places.put("of(String, String)", new Places("workflow", NO_SCHEDULES, "--workflow"));
        places.put("cron(String)", new Places("cron", NO_SCHEDULES, "--cron"));
        places.put("zone(String)", new Places("zone", NO_SCHEDULES, "--zone"));
        places.put("zone(ZoneId)", new Places(OTHER_SETTER, OTHER_SETTER, OTHER_SETTER));
        places.put(
                "catchUp(CatchUp)",
                new Places("catch_up", NO_SCHEDULES, "--catch-up, --catch-up-limit, --catch-up-age"));
        places.put("input(Map)", new Places("input", NO_SCHEDULES, "--input"));
        places.put("between(Instant, Instant)", new Places("start_at, end_at", NO_SCHEDULES, "--from, --until"));

        compare(Schedule.class, places, "PUT /schedules/{name}", "schedule.jte", "schedules put");
    }

    @Test
    void a_search_is_the_same_everywhere() {
        Map<String, Places> places = searches();
        places.put("before(UUID)", new Places("before", NO + "its links have it", "--before"));
        places.put("limit(int)", new Places("limit", ONE_PAGE, "--limit"));

        compare(ExecutionQuery.class, places, "GET /executions", "executions.jte", "executions list");
    }

    @Test
    void the_search_of_a_bulk_operation_is_the_same_everywhere() {
        String all = NO + "an operation concerns all that match";
        Map<String, Places> places = searches();
        places.put("before(UUID)", new Places(all, all, all));
        places.put("limit(int)", new Places(all, all, all));

        compare(ExecutionQuery.class, places, "GET /operations/preview", "executions.jte", "executions cancel");
        compare(ExecutionQuery.class, places, "POST /operations", "executions.jte", "executions retry");
    }

    private static Map<String, Places> searches() {
        Map<String, Places> places = new LinkedHashMap<>();
        places.put("all()", new Places(NO + "all without conditions", NO + "likewise", NO + "likewise"));
        places.put("workflow(String)", new Places("workflow", "workflow", "--workflow"));
        places.put("version(String)", new Places("version", "version", "--version"));
        places.put("status(ExecutionStatus)", new Places("status", "status", "--status"));
        String several = NO + "the states are given one by one";
        places.put("unfinished()", new Places(several, several, several));
        String one = NO + "the form has a choice of one state";
        places.put("statuses(List)", new Places("status", one, "--status"));
        places.put("idempotencyKey(String)", new Places("key", "q", "--key"));
        places.put("label(String, String)", new Places("label", "q", "--label"));
        places.put("error(String)", new Places("error", "error", "--error"));
        places.put("schedule(String)", new Places("schedule", "schedule", "--schedule"));
        places.put("parent(UUID)", new Places("parent", "parent", "--parent"));
        places.put("task(String, List)", new Places("task", "task", "--task"));
        places.put("since(Instant)", new Places("since", "since", "--since"));
        places.put("until(Instant)", new Places("until", "until", "--until"));
        places.put(
                "idBeginning(String)",
                new Places("id", "q", NO + "every command takes the beginning of an id instead of an id"));
        places.put(
                "ids(Collection)",
                new Places(
                        NO + "a program that has ids calls each of them",
                        NO + "the list has boxes, in part/executions.jte",
                        NO + "the commands take ids as their parameters"));
        places.put("scan(int)", new Places(FIXED_SCAN, FIXED_SCAN, FIXED_SCAN));
        return places;
    }

    @Test
    void a_restart_is_the_same_everywhere() {
        String button = NO + "the page has a button that restarts all with the same input";
        Map<String, Places> places = new LinkedHashMap<>();
        places.put("of(UUID)", new Places(NO + "in the path", NO + "in the path", "ID"));
        places.put("from(String)", new Places("from", button, "--from"));
        places.put("input(Map)", new Places("input", button, "--input"));

        compare(Restart.class, places, "POST /executions/{id}/restart", "execution.jte", "executions restart");
    }

    @Test
    void an_action_on_many_executions_is_the_same_everywhere() {
        String plain = NO + "the action alone says it";
        String shortForm = NO + "a page shows the actions without their variants";
        Map<String, Places> places = new LinkedHashMap<>();
        places.put("cancel()", new Places(plain, plain, plain));
        places.put("cancel(Cancel)", new Places("with_compensation", shortForm, "executions cancel --compensate"));
        places.put("pause(String)", new Places("reason", "reason", "executions pause --reason"));
        places.put("resume()", new Places(plain, plain, plain));
        places.put("retry()", new Places(plain, plain, plain));
        places.put(
                "retry(RetryMode)",
                new Places("even_after_compensation", shortForm, "executions retry --even-after-compensation"));
        places.put("restart()", new Places(plain, plain, plain));
        places.put("restartFrom(String)", new Places("from", shortForm, "executions restart --from"));
        places.put("delete()", new Places(plain, plain, plain));

        compare(BulkAction.class, places, "POST /operations", "preview.jte", "");
    }

    /** Requires a row for each setter of the type, and what the row says to be there. */
    private void compare(Class<?> type, Map<String, Places> places, String operation, String template, String command) {
        assertThat(places.keySet())
                .as("setters of %s: each is over HTTP, on the page and on the command line, or here is why not", type)
                .containsExactlyInAnyOrderElementsOf(setters(type));
        Set<String> api = described(operation);
        String page = text(template);
        List<String> missing = new ArrayList<>();
        places.forEach((setter, at) -> {
            names(at.api())
                    .filter(name -> !api.contains(name))
                    .forEach(name -> missing.add(setter + ": " + operation + " has no " + name));
            names(at.page())
                    .filter(name -> !page.contains("name=\"" + name + "\""))
                    .forEach(name -> missing.add(setter + ": " + template + " has no field " + name));
            names(at.cli())
                    .map(name -> (command + " " + name).strip())
                    .filter(typed -> !isTyped(typed))
                    .forEach(typed -> missing.add(setter + ": there is no '" + typed + "'"));
        });
        assertThat(missing).isEmpty();
    }

    private static Stream<String> names(String place) {
        return place.startsWith(NO) ? Stream.empty() : Arrays.stream(place.split(", ", -1));
    }

    /** What makes a value of that type, or returns a changed one. */
    private static List<String> setters(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == type)
                .map(SameRequestsTest::signature)
                .toList();
    }

    private static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /** The parameters of an operation and the fields of its body. */
    private Set<String> described(String operation) {
        String[] both = operation.split(" ", 2);
        JsonNode node = document.path("paths").path(both[1]).path(both[0].toLowerCase(Locale.ROOT));
        assertThat(node.isMissingNode()).as(operation).isFalse();
        JsonNode body = node.at("/requestBody/content/application~1json/schema");
        body = body.has("$ref") ? document.at(body.get("$ref").asText().substring(1)) : body;
        return Stream.concat(
                        StreamSupport.stream(node.path("parameters").spliterator(), false)
                                .map(parameter -> parameter.path("name").asText()),
                        body.path("properties").properties().stream().map(Map.Entry::getKey))
                .collect(Collectors.toSet());
    }

    private static String text(String template) {
        try {
            return Files.readString(TEMPLATES.resolve(template));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is the option or the parameter that follows a command. */
    private static boolean isTyped(String both) {
        int last = both.lastIndexOf(' ');
        return typed(both.substring(0, last)).contains(both.substring(last + 1));
    }

    /** The names of the options and the labels of the parameters of a command. */
    private static Set<String> typed(String command) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        CommandLine found = Main.commandLine(nowhere, nowhere);
        for (String word : command.split(" ", -1)) {
            found = Objects.requireNonNull(found.getSubcommands().get(word), word);
        }
        CommandLine.Model.CommandSpec spec = found.getCommandSpec();
        return Stream.concat(
                        spec.optionsMap().keySet().stream(),
                        spec.positionalParameters().stream().map(CommandLine.Model.ArgSpec::paramLabel))
                .collect(Collectors.toSet());
    }

    private static JsonNode document() {
        try (InputStream in = Dashboard.class.getResourceAsStream("openapi.json")) {
            return Json.stored(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
