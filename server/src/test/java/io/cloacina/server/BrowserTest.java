package io.cloacina.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.server.access.Role;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engineer does who sees the page for the first time, in a real browser. */
@Timeout(180)
class BrowserTest {
    private static final String TOKEN = "0123456789abcdef0123";

    /** What only the answer to the search has, not the page that it was asked from. */
    private static final String FOUND_FAILED = "//option[@selected][normalize-space(.) = 'Failed']";

    @TempDir
    Path folder;

    private final AtomicBoolean bankIsAway = new AtomicBoolean(true);
    private final CountDownLatch charged = new CountDownLatch(3);

    private Engine start(TestDatabase database) {
        WorkflowDefinition charge = WorkflowDefinition.named("charge")
                .task(
                        "card",
                        context -> {
                            if (bankIsAway.get()) {
                                throw new IllegalStateException("the bank is away");
                            }
                            charged.countDown();
                        },
                        task -> task.retry(RetryPolicy.NONE))
                .build();
        return Samples.builder(database.url()).workflow(charge).start();
    }

    private static List<UUID> charges(Engine engine) {
        List<UUID> ids = Stream.generate(() -> engine.submit("charge", Map.of()))
                .limit(3)
                .toList();
        ids.forEach(engine::await);
        return ids;
    }

    @DatabaseTest
    void finds_what_failed_and_its_stack_and_retries_all_of_it_and_answers_what_waits(TestDatabase database) {
        try (Engine engine = start(database);
                Dashboard dashboard = Dashboard.on(engine)
                        .port(0)
                        .settings(ServerSettings.defaults().token("ada", Role.OPERATE, TOKEN))
                        .start();
                Browser browser = Browser.start(folder, true)) {
            List<UUID> failed = charges(engine);
            UUID asking = engine.submit("ask", Map.of());

            browser.open(dashboard.uri());
            browser.type("Token", TOKEN);
            browser.click("Log in");
            browser.click("Executions");
            browser.type("State", "Failed");
            browser.click("Search");
            browser.finds(FOUND_FAILED);
            browser.clickAt("(//table//a[contains(@href, '/executions/')])[1]");
            browser.sees("the bank is away");
            browser.click("Whole error");
            browser.sees("at io.cloacina.server.BrowserTest");

            bankIsAway.set(false);
            browser.click("Executions");
            browser.type("State", "Failed");
            browser.click("Search");
            browser.finds(FOUND_FAILED);
            browser.click("Retry…");
            browser.click("Retry 3 executions");
            browser.seesState("operation", "Completed");
            assertThat(failed)
                    .allSatisfy(id -> assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED));

            browser.open(dashboard.uri().resolve("executions/" + asking));
            browser.sees("Why it is not finished");
            browser.sees("signal");
            browser.click("Send");
            assertThat(engine.await(asking).status()).isEqualTo(ExecutionStatus.COMPLETED);
            // The page follows by itself.
            browser.seesState("head", "Completed");
        }
    }

    @DatabaseTest
    void acts_on_those_that_are_selected_and_follows_the_stream_of_events(TestDatabase database) {
        try (Engine engine = start(database);
                Dashboard dashboard = Dashboard.on(engine).port(0).start();
                Browser browser = Browser.start(folder, true)) {
            engine.events().enable();
            List<UUID> failed = charges(engine);
            bankIsAway.set(false);

            browser.open(dashboard.uri().resolve("executions?status=Failed"));
            // What is checked stays: the page does not replace it meanwhile.
            browser.clickAt(box(failed.get(0)));
            browser.clickAt(box(failed.get(2)));
            browser.clickAt("//form[@id = 'selected']//button[@value = 'retry']");
            browser.sees("those that are selected");
            browser.click("Retry 2 executions");
            browser.seesState("operation", "Completed");
            assertThat(engine.await(failed.get(0)).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.await(failed.get(2)).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.find(failed.get(1)).orElseThrow().status()).isEqualTo(ExecutionStatus.FAILED);

            browser.open(dashboard.uri().resolve("executions?status=Completed"));
            browser.clickAt("//input[@id = 'all']");
            browser.clickAt("//form[@id = 'selected']//button[@value = 'restart']");
            browser.click("Restart 2 executions");
            browser.seesState("operation", "Completed");
            assertThat(engine.list(ExecutionQuery.all())).hasSize(5);

            browser.open(dashboard.uri());
            browser.run("""
                    const events = new EventSource('api/v1/events');
                    events.onopen = () => document.body.setAttribute('data-opened', 'true');
                    events.addEventListener('execution_submitted', event =>
                        document.body.setAttribute('data-event', JSON.parse(event.data).execution));""");
            browser.finds("//body[@data-opened]");
            UUID asking = engine.submit("ask", Map.of());
            browser.finds("//body[@data-event = '" + asking + "']");
        }
    }

    /** The one before an execution in the list. */
    private static String box(UUID id) {
        return "//input[@type = 'checkbox'][@value = '" + id + "']";
    }

    @DatabaseTest
    void does_the_same_without_a_script(TestDatabase database) throws InterruptedException {
        try (Engine engine = start(database);
                Dashboard dashboard = Dashboard.on(engine).port(0).start();
                Browser browser = Browser.start(folder, false)) {
            List<UUID> failed = charges(engine);

            browser.open(dashboard.uri());
            browser.click("Failures");
            browser.sees("the bank is away");
            bankIsAway.set(false);
            browser.click("Executions");
            browser.click("Retry…");
            browser.click("Retry 3 executions");
            assertThat(charged.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(failed)
                    .allSatisfy(id -> assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED));
            browser.reload();
            browser.sees("Done");
        }
    }
}
