package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.HookSignature;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.server.access.Role;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the pages show and do, over real HTTP, without a script. */
@Timeout(60)
class PagesTest {
    private static final String HOSTILE = "<img src=x onerror=\"alert(1)\">'&amp;";
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final List<String> PAGES = List.of(
            "/",
            "/executions",
            "/operations",
            "/operations/preview?action=retry",
            "/workflows",
            "/workflows/greet",
            "/packages",
            "/schedules",
            "/alerts",
            "/hooks",
            "/failures",
            "/runners",
            "/health");

    private final Engine engine = Samples.builder("sqlite::memory:")
            .workflow(WorkflowDefinition.named("hostile")
                    .task(
                            "falls",
                            context -> {
                                throw new IllegalStateException(HOSTILE);
                            },
                            task -> task.retry(RetryPolicy.NONE))
                    .build())
            .start();

    @AfterEach
    void close() {
        engine.close();
    }

    private Dashboard open() {
        return Dashboard.on(engine).port(0).start();
    }

    @Test
    void every_page_is_there_when_there_is_nothing_to_show_and_says_what_to_do() {
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            for (String path : PAGES) {
                HttpResponse<String> page = client.get(path);
                assertThat(page.statusCode()).as(path).isEqualTo(200);
                assertThat(page.body())
                        .as(path)
                        .startsWith("<!DOCTYPE html>")
                        .doesNotContain(" style=", "<style", "onclick");
            }
            assertThat(client.get("/executions").body()).contains("There are no executions yet");
            assertThat(client.get("/schedules").body()).contains("There are no schedules");
            assertThat(client.get("/alerts").body()).contains("There are no alerts", "cloacina events --enable");
            assertThat(client.get("/hooks").body()).contains("There are no webhooks");
            assertThat(client.get("/failures").body()).contains("No execution has failed");
        }
    }

    @Test
    void what_applications_name_and_write_is_text_on_every_page() {
        UUID id = engine.submit(Submission.of("hostile")
                .idempotencyKey(HOSTILE)
                .label("who", HOSTILE)
                .input(Map.of("value", HOSTILE, HOSTILE, "</pre><script>alert(2)</script>")));
        engine.await(id);
        engine.schedules().put(Schedule.of(HOSTILE, "greet").cron("0 3 * * *"));
        engine.alerts().put(AlertRule.stranded(HOSTILE, "http://127.0.0.1:9/?%3Cimg%20src=x", 1));
        engine.hooks().put(Hook.of(HOSTILE, "greet", HookSignature.GITHUB), "0123456789abcdef");
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            String one = "/executions/" + id;
            String schedule = link(client.get("/schedules").body(), "/schedules/");
            for (String path : List.of(one, "/executions", "/failures", "/schedules", "/alerts", "/hooks", schedule)) {
                HttpResponse<String> page = client.get(path);
                assertThat(page.statusCode()).as(path).isEqualTo(200);
                assertThat(page.body())
                        .as(path)
                        .doesNotContain("<img src=x", "<script>")
                        .contains("&lt;img src=x");
            }
        }
    }

    @Test
    void a_failed_execution_is_found_by_its_state_and_shows_its_stack() {
        UUID id = engine.submit("break", Map.of());
        engine.await(id);
        engine.await(engine.submit("greet", Map.of()));
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            String found = client.get("/executions?status=Failed").body();
            assertThat(found).contains(id.toString()).doesNotContain("s-completed");
            assertThat(client.get("/executions?error=nothing%20like%20that").body())
                    .contains("No execution matches this search");
            assertThat(client.get("/executions/" + id).body())
                    .contains("What went wrong", "IllegalStateException", "Whole error", "/retry\"");
            assertThat(client.get("/failures").body()).contains("IllegalStateException", id.toString());
        }
    }

    @Test
    void executions_are_found_by_a_task_whose_name_has_a_colon() {
        WorkflowDefinition colon =
                WorkflowDefinition.named("colon").task("a:b", context -> {}).build();
        try (Engine other = Engine.builder("sqlite::memory:").workflow(colon).start();
                Dashboard dashboard = Dashboard.on(other).port(0).start()) {
            UUID id = other.submit("colon", Map.of());
            other.await(id);
            Client client = Client.of(dashboard);
            assertThat(client.get("/executions?task=a:b:").body()).contains(id.toString());
            assertThat(client.get("/executions?task=a:b:completed").body()).contains(id.toString());
            assertThat(client.get("/executions?task=a:b:failed").body()).contains("No execution matches");
        }
    }

    @Test
    void executions_are_found_by_their_version_a_task_and_their_age() {
        UUID failed = engine.submit("break", Map.of());
        UUID done = engine.submit("greet", Map.of());
        String version = engine.await(failed).version();
        engine.await(done);
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            assertThat(client.get("/executions").body())
                    .contains(failed.toString(), done.toString(), "<details><summary>More conditions");
            for (String search : List.of("version=" + version, "task=fall", "task=fall:failed")) {
                assertThat(client.get("/executions?" + search).body())
                        .as(search)
                        .contains(failed.toString(), "<details open><summary>More conditions")
                        .doesNotContain(done.toString());
            }
            assertThat(client.get("/executions?task=fall:completed").body()).contains("No execution matches");
            assertThat(client.get("/executions?until=0s").body()).contains(failed.toString(), done.toString());
            assertThat(client.get("/executions?until=1h").body()).contains("No execution matches");
            assertThat(client.get("/executions?task=fall:broken").body())
                    .contains("a state must be one of NotStarted", "if the name of the task has a colon, add one");
            assertThat(client.get("/executions?until=soon").body()).contains("until must be an age such as 1h");
            assertThat(client.get("/operations/preview?action=retry&task=fall:failed&until=0s")
                            .body())
                    .contains("task: fall:failed", "older than: 0s", "Retry 1 execution");
        }
    }

    @Test
    void an_execution_that_waits_says_for_what_and_a_signal_from_the_page_lets_it_end() {
        UUID id = engine.submit("ask", Map.of());
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            String page = client.get("/executions/" + id).body();
            assertThat(page).contains("Why it is not finished", "Send a signal");
            assertThat(client.form("/executions/" + id + "/signal", "csrf=" + csrf(page) + "&name=anwser&value=1")
                            .body())
                    .contains("UNKNOWN_SIGNAL", "Did you mean");
            HttpResponse<String> sent =
                    client.form("/executions/" + id + "/signal", "csrf=" + csrf(page) + "&name=answer&value=42");
            assertThat(sent.statusCode()).isEqualTo(303);
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void a_workflow_is_submitted_from_its_page() {
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            String page = client.get("/workflows/greet").body();
            HttpResponse<String> sent = client.form(
                    "/workflows/greet/submit", "csrf=" + csrf(page) + "&key=once&more=%7B%22order%22%3A42%7D");
            assertThat(sent.statusCode()).isEqualTo(303);
            String shown = client.get(Client.header(sent, "Location")).body();
            assertThat(shown).contains("once", "\"order\" : 42");
        }
    }

    @Test
    void the_form_of_a_submission_has_its_options() {
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            String csrf = "csrf=" + csrf(client.get("/workflows/greet").body());
            String options = csrf + "&delay=1h&deadline=1h30m&priority=-7&labels=customer%3Dada%0D%0A%0D%0Aregion%3D+x";
            HttpResponse<String> sent = client.form("/workflows/greet/submit", options);
            assertThat(sent.statusCode()).as(sent.body()).isEqualTo(303);
            Execution execution = engine.list(ExecutionQuery.all()).get(0);
            assertThat(execution.priority()).isEqualTo(-7);
            assertThat(execution.deadline())
                    .isEqualTo(Objects.requireNonNull(execution.startAfter()).plusSeconds(5_400));
            assertThat(engine.labels(execution.id())).isEqualTo(Map.of("customer", "ada", "region", "x"));
            assertThat(client.get(Client.header(sent, "Location")).body()).contains("Deadline", "customer=ada");

            assertThat(client.form("/workflows/greet/submit", csrf + "&deadline=soon")
                            .body())
                    .contains("the deadline must be a duration of up to 100 years, such as 30s");
            assertThat(client.form("/workflows/greet/submit", csrf + "&deadline=0s")
                            .body())
                    .contains("a deadline must be more than zero");
            assertThat(client.form("/workflows/greet/submit", csrf + "&delay=-5m")
                            .body())
                    .contains("the delay must be a duration of up to 100 years, such as 30s");
            assertThat(client.form("/workflows/greet/submit", csrf + "&priority=high")
                            .body())
                    .contains("the priority must be a whole number");
            assertThat(client.form("/workflows/greet/submit", csrf + "&labels=ada")
                            .body())
                    .contains("each line of labels must be a name and a value");
            assertThat(engine.list(ExecutionQuery.all())).hasSize(1);
        }
    }

    @Test
    void an_alert_is_stored_switched_and_deleted_on_its_page_and_a_webhook_on_its_own() {
        String secret = "0123456789abcdef0123456789abcdef";
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            String csrf = "csrf=" + csrf(client.get("/alerts").body());
            String rule = csrf + "&name=a+b&kind=failure-rate&percent=20&executions=10&duration=90m&workflow=break"
                    + "&url=http%3A%2F%2F127.0.0.1%3A9%2Fx&secret=" + secret;
            assertThat(client.form("/alerts", rule).statusCode()).isEqualTo(303);
            assertThat(client.get("/alerts").body())
                    .contains("more than 20 % of 10 or more executions of break", "1h30m", "Quiet", "No live runner")
                    .doesNotContain(secret);
            assertThat(client.form("/alerts", rule.replace("90m", "soon")).body())
                    .contains("a duration must be such as");
            assertThat(client.form("/alerts", rule.replace("=10", "=ten")).body())
                    .contains("a whole number");
            assertThat(client.form("/alerts/a%20b/test", csrf).body())
                    .contains("ALERTS_OFF", "build one with alerts()");
            client.form("/alerts/a%20b/disable", csrf);
            assertThat(client.get("/alerts").body()).contains("Disabled", "/alerts/a%20b/enable");
            client.form("/alerts/a%20b/enable", csrf);
            assertThat(client.get("/alerts").body()).contains("Quiet");
            assertThat(client.form("/alerts/a%20b/delete", csrf).statusCode()).isEqualTo(303);
            assertThat(client.form("/alerts/a%20b/delete", csrf).body()).contains("UNKNOWN_ALERT");

            String hook = csrf + "&name=shop&workflow=greet&signature=github&secret=" + secret;
            assertThat(client.form("/hooks", hook).statusCode()).isEqualTo(303);
            assertThat(client.get("/hooks").body())
                    .contains("/api/v1/hooks/shop", "github")
                    .doesNotContain(secret);
            assertThat(client.form("/hooks/shop/delete", csrf).statusCode()).isEqualTo(303);
            assertThat(engine.hooks().list()).isEmpty();
        }
    }

    @Test
    void an_action_that_is_refused_says_why() {
        UUID id = engine.submit("greet", Map.of());
        engine.await(id);
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            String csrf = csrf(client.get("/workflows/greet").body());
            HttpResponse<String> refused = client.form("/executions/" + id + "/retry", "csrf=" + csrf);
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("The request failed", "EXECUTION_STATE");
            assertThat(client.form("/executions/" + id + "/retry", "csrf=wrong").statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void all_that_a_search_finds_are_retried_after_a_preview_and_every_attempt_is_shown() {
        UUID id = engine.submit("break", Map.of());
        engine.await(id);
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            String preview = link(client.get("/executions?status=Failed").body(), "/operations/preview?action=retry");
            assertThat(preview).contains("status=Failed");
            String page = client.get(preview.replace("&amp;", "&")).body();
            assertThat(page).contains("Retry 1 execution", id.toString(), "tasks have run after a failed one");
            assertThat(client.get("/failures").body()).contains("/operations/preview?action=retry");

            assertThat(client.form("/operations", "action=retry&csrf=" + csrf(page))
                            .statusCode())
                    .as("all executions, and nobody said so")
                    .isEqualTo(400);
            assertThat(client.get("/operations/preview?action=retry").body()).contains("name=\"all\"");
            HttpResponse<String> begun = client.form("/operations?status=Failed", "action=retry&csrf=" + csrf(page));
            assertThat(begun.statusCode()).isEqualTo(303);
            String operation = Client.header(begun, "Location");
            while (!client.get(operation).body().contains("Completed")) {
                LockSupport.parkNanos(5_000_000);
            }
            engine.await(id);
            assertThat(client.get("/operations").body()).contains(operation.substring("/operations/".length()));
            assertThat(client.get("/executions/" + id).body()).contains("2 attempts", "Attempt 1", "Attempt 2");
        }
    }

    @Test
    void executions_that_are_selected_one_by_one_are_treated_and_no_others() {
        UUID one = engine.submit("ask", Map.of());
        UUID between = engine.submit("ask", Map.of());
        UUID other = engine.submit("ask", Map.of());
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            assertThat(client.get("/executions").body())
                    .contains("<form id=\"selected\" method=\"get\" action=\"/operations/preview\"")
                    .contains("type=\"checkbox\" form=\"selected\" name=\"selected\" value=\"" + one + "\"");
            String chosen = "only=selected&selected=" + one + "&selected=" + other;
            String page =
                    client.get("/operations/preview?action=cancel&" + chosen).body();
            assertThat(page)
                    .contains("Cancel 2 executions", "Cancel those that are selected")
                    .doesNotContain(between.toString());

            String form = "/operations?selected=" + one + "%2C" + other;
            assertThat(page).contains("action=\"" + form + "\"");
            HttpResponse<String> begun = client.form(form, "action=cancel&csrf=" + csrf(page));
            assertThat(begun.statusCode()).isEqualTo(303);
            while (!client.get(Client.header(begun, "Location")).body().contains("Completed")) {
                LockSupport.parkNanos(5_000_000);
            }
            assertThat(engine.find(one).orElseThrow().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(engine.find(other).orElseThrow().status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(engine.find(between).orElseThrow().isFinished()).isFalse();

            HttpResponse<String> nothing = client.get("/operations/preview?action=cancel&only=selected");
            assertThat(nothing.statusCode()).isEqualTo(400);
            assertThat(nothing.body()).contains("nothing is selected");
            assertThat(client.get("/operations/preview?action=cancel&selected=" + one + ",x")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void who_may_not_delete_is_refused_to_delete_many() {
        ServerSettings settings = ServerSettings.defaults().token("ops", Role.OPERATE, "operate-operate-42");
        try (Dashboard dashboard =
                Dashboard.on(engine).port(0).settings(settings).start()) {
            Client client = Client.of(dashboard).token("operate-operate-42");
            HttpResponse<String> refused = client.post("/api/v1/operations?all=true", "{\"action\": \"delete\"}");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(Client.code(refused)).isEqualTo("ROLE");
            assertThat(client.form("/operations", "action=delete").statusCode()).isEqualTo(403);
            assertThat(engine.operations().list(1)).isEmpty();
        }
    }

    @Test
    void a_schedule_is_disabled_and_fired_from_its_page() {
        engine.schedules().put(Schedule.of("nightly", "greet").cron("0 3 * * *"));
        try (Dashboard dashboard = open()) {
            Client client = Client.of(dashboard);
            String csrf = csrf(client.get("/schedules/nightly").body());
            assertThat(client.form("/schedules/nightly/disable", "csrf=" + csrf).statusCode())
                    .isEqualTo(303);
            assertThat(client.get("/schedules/nightly").body()).contains("while the schedule is disabled");
            HttpResponse<String> fired = client.form("/schedules/nightly/fire", "csrf=" + csrf);
            assertThat(Client.header(fired, "Location")).startsWith("/executions/");
            assertThat(client.get("/schedules/unknown").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void a_server_that_only_shows_and_hides_has_no_actions_and_no_values() {
        UUID id = engine.submit("ask", Map.of("card", "4111"));
        ServerSettings settings = ServerSettings.defaults().readOnly(true).hideData(true);
        try (Dashboard dashboard =
                Dashboard.on(engine).port(0).settings(settings).start()) {
            Client client = Client.of(dashboard);
            for (String path : List.of("/executions/" + id, "/workflows/greet")) {
                assertThat(client.get(path).body()).as(path).doesNotContain("method=\"post\"", "4111");
            }
            assertThat(client.get("/executions/" + id).body()).contains("card", "hidden");
        }
    }

    @Test
    void below_a_prefix_every_link_and_file_has_it() {
        engine.await(engine.submit("greet", Map.of()));
        try (Dashboard dashboard = Dashboard.on(engine).port(0).prefix("/a/b").start()) {
            String page = Client.of(dashboard).get("/executions").body();
            Matcher links = Pattern.compile("(?:href|src|action)=\"([^\"#]+)").matcher(page);
            while (links.find()) {
                assertThat(links.group(1)).startsWith("/a/b/");
            }
            assertThat(Client.of(dashboard)
                            .get(link(page, "/static/").substring(4))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static String link(String page, String beginning) {
        Matcher found = Pattern.compile("\"([^\"]*" + Pattern.quote(beginning) + "[^\"]+)\"")
                .matcher(page);
        assertThat(found.find()).as(page).isTrue();
        return found.group(1);
    }

    private static String csrf(String page) {
        Matcher found = CSRF.matcher(page);
        assertThat(found.find()).as(page).isTrue();
        return found.group(1);
    }

    @Test
    void pages_that_are_read_again_by_themselves_take_a_share_of_the_time_and_people_are_always_answered() {
        try (Dashboard dashboard = open()) {
            Client person = Client.of(dashboard);
            Client script = person.with("Cloacina-Refresh", "true");
            assertThat(script.get("/executions").statusCode()).isEqualTo(200);

            HttpResponse<String> answer = script.get("/executions");
            while (answer.statusCode() == 200) {
                answer = script.get("/executions");
            }

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(person.get("/executions").body()).contains("<h1>");
            assertThat(script.get("/api/v1/executions").statusCode()).isEqualTo(200);
        }
    }
}
