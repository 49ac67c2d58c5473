package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.Limit;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;

/** By which value of the input a limit counts. */
@Timeout(60)
class LimitKeysTest {
    private static final Limit ONE_A_MINUTE = Limit.starts(1, Duration.ofMinutes(1));

    private final List<String> ran = new ArrayList<>();

    private WorkflowDefinition mail(Limit limit) {
        return WorkflowDefinition.named("mail")
                .version("1")
                .task("send", context -> ran.add(context.json()), task -> task.limit(limit))
                .build();
    }

    private static void assertRefused(String saying, ThrowingCallable asking) {
        assertThatThrownBy(asking)
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("LIMIT_KEY"))
                .hasMessageContaining(saying);
    }

    @DatabaseTest
    void dots_are_a_path_into_the_value(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(mail(ONE_A_MINUTE.per("order.customer.id")))
                .start()) {
            for (int customer : new int[] {1, 1, 2}) {
                engine.submit("mail", Map.of("order", Map.of("customer", Map.of("id", customer))));
            }
            engine.tick();
            assertThat(ran).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @DatabaseTest
    void a_key_of_exactly_that_name_comes_before_a_path(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(mail(ONE_A_MINUTE.per("order.customer")))
                .start()) {
            for (int customer : new int[] {1, 2}) {
                engine.submit("mail", Map.of("order.customer", "same", "order", Map.of("customer", customer)));
            }
            engine.tick();
            assertThat(ran).hasSize(1);
        }
    }

    @DatabaseTest
    void a_submission_without_the_value_is_refused_and_nothing_is_stored(TestDatabase database) {
        Map<String, Object> nothing = new HashMap<>();
        nothing.put("customer", null);
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(mail(ONE_A_MINUTE.per("customer")))
                .start()) {
            assertRefused(
                    "task 'send' of workflow 'mail' has the limit 'starts 1 in PT1M per customer', but the input has no"
                            + " 'customer'; give it a value, or declare the limit without per",
                    () -> engine.submit("mail", Map.of("costumer", 1)));
            assertRefused("but the input has null as 'customer'", () -> engine.submit("mail", nothing));
            // One bad member refuses the whole batch.
            assertRefused(
                    "has no 'customer'",
                    () -> engine.engine()
                            .submitAll(List.of(
                                    Submission.of("mail").input(Map.of("customer", 1)), Submission.of("mail"))));
            assertThat(engine.engine().list(ExecutionQuery.all())).isEmpty();
        }
    }

    @DatabaseTest
    void a_path_that_leads_nowhere_is_refused(TestDatabase database) {
        WorkflowDefinition workflow = WorkflowDefinition.named("whole")
                .version("1")
                .limit(Limit.atMost(2).per("order.customer"))
                .task("work", context -> {})
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            String saying = "workflow 'whole' has the limit 'at once 2 per order.customer', but the input has no"
                    + " 'order.customer'";
            assertRefused(saying, () -> engine.submit("whole"));
            assertRefused(saying, () -> engine.submit("whole", Map.of("order", 7)));
            assertRefused(saying, () -> engine.submit("whole", Map.of("order", List.of(Map.of("customer", 1)))));
            assertRefused(saying, () -> engine.submit("whole", Map.of("order", Map.of("number", 1))));
            UUID id = engine.submit("whole", Map.of("order", Map.of("customer", 1)));
            engine.tick();
            assertThat(engine, id).isCompleted();
        }
    }

    @DatabaseTest
    void a_schedule_without_the_value_is_refused(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(mail(ONE_A_MINUTE.per("customer")))
                .workflow(WorkflowDefinition.named("report")
                        .version("1")
                        .limit(ONE_A_MINUTE.per(Schedule.NAME_KEY))
                        .task("work", context -> {})
                        .build())
                .start()) {
            Schedule hourly = Schedule.of("hourly", "mail").cron("0 * * * *").zone(ZoneOffset.UTC);
            assertRefused("has no 'customer'", () -> engine.engine().schedules().put(hourly));
            assertThat(engine.engine().schedules().list()).isEmpty();

            engine.engine().schedules().put(hourly.input(Map.of("customer", 1)));
            engine.engine()
                    .schedules()
                    .put(Schedule.of("reports", "report").cron("0 * * * *").zone(ZoneOffset.UTC));
            assertThat(engine.engine().schedules().list()).hasSize(2);
        }
    }

    @DatabaseTest
    void children_without_the_value_share_one_limit(TestDatabase database) {
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .version("1")
                .task("ask", context -> context.output(Map.of("text", 1)), task -> task.child("mail"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(parent)
                .workflow(mail(ONE_A_MINUTE.per("customer")))
                .start()) {
            UUID one = engine.submit("parent");
            UUID other = engine.submit("parent");
            engine.tick();
            assertThat(ran).hasSize(1);
            engine.advance(Duration.ofMinutes(1));
            assertThat(engine, one).isCompleted();
            assertThat(engine, other).isCompleted();
        }
    }

    @DatabaseTest
    void runs_for_elements_count_by_what_their_task_sees(TestDatabase database) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("fan")
                .version("1")
                .task("list", context -> {
                    context.put("site", Map.of("host", context.get("of", String.class)));
                    context.output(List.of(1));
                })
                .task(
                        "each",
                        context -> runs.incrementAndGet(),
                        task -> task.after("list")
                                .forEach("list")
                                .limit(ONE_A_MINUTE.per("site.host"))
                                .limit(Limit.atMost(5).per("absent")))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            for (String host : List.of("a", "a", "b")) {
                engine.submit("fan", Map.of("of", host));
            }
            engine.tick();
            assertThat(runs).hasValue(2);
        }
    }
}
