package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cloacina.api.HookSignature;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a change reads before it is written waits for a database that is away, as the write itself does. */
@Timeout(60)
class ReadFirstTest {
    private static final String SECRET = "0123456789abcdef";

    @Test
    void changes_that_read_first_succeed_although_the_connections_of_their_process_were_cut() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            UUID ended = endedExecution(test);
            try (Engine client = Engine.builder(test.url()).client().start()) {
                Map<String, String> failures = new LinkedHashMap<>();
                changes(client, ended).forEach((name, change) -> {
                    cut(test);
                    Throwable failure = catchThrowable(change::run);
                    if (failure != null) {
                        failures.put(name, failure.toString());
                    }
                });
                assertThat(failures).isEmpty();
            }
        }
    }

    private static UUID endedExecution(TestDatabase test) {
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .version("1")
                .task("t", context -> {})
                .build();
        try (Engine engine =
                Engine.builder(test.url()).workflow(workflow).alerts().start()) {
            UUID id = engine.submit("w", Map.of());
            engine.await(id);
            return id;
        }
    }

    private static Map<String, Runnable> changes(Engine client, UUID ended) {
        Schedule schedule = Schedule.of("s", "w").cron("0 0 1 1 *");
        Hook hook = Hook.of("h", "w", HookSignature.STANDARD);
        AlertRule alert = AlertRule.oldestReady("a", "https://example.org", Duration.ofMinutes(5));
        Map<String, Runnable> changes = new LinkedHashMap<>();
        changes.put("submit", () -> client.submit("w", Map.of()));
        changes.put(
                "submit with a delay", () -> client.submit(Submission.of("w").delay(Duration.ofHours(1))));
        changes.put("restart", () -> client.restart(Restart.of(ended)));
        changes.put("put a schedule", () -> client.schedules().put(schedule));
        changes.put("put an equal schedule", () -> client.schedules().put(schedule));
        changes.put("fire a schedule", () -> client.schedules().fire("s"));
        changes.put(
                "start a bulk operation", () -> client.operations().start(ExecutionQuery.all(), BulkAction.delete()));
        changes.put(
                "start a bulk operation with a key",
                () -> client.operations().start(ExecutionQuery.all(), BulkAction.delete(), "me", "key"));
        changes.put("put a hook", () -> client.hooks().put(hook, SECRET));
        changes.put("change a hook", () -> client.hooks().change(hook));
        changes.put("put an alert", () -> client.alerts().put(alert));
        changes.put("disable an alert", () -> client.alerts().disable("a"));
        changes.put("test an alert", () -> client.alerts().test("a"));
        changes.put(
                "migrate",
                () -> assertThatThrownBy(() -> client.versions().migrate(ended, "1"))
                        .isInstanceOf(ExecutionStateException.class));
        changes.put("delete a package", () -> client.packages().delete("p", "1"));
        return changes;
    }

    private static void cut(TestDatabase test) {
        EngineParts.count(
                test,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND"
                        + " pid <> pg_backend_pid()");
    }
}
