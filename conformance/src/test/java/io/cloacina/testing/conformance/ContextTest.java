package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ContextTest {
    private static final TaskBody NOTHING = context -> {};

    private record Point(int x, int y) {}

    private static Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("text", "Zoë 😀 \u2028 \"quoted\" back\\slash\n\ttab \u0000 end");
        values.put("ключ 🔑", "a key that is not ASCII");
        values.put("empty", "");
        values.put("one", 1);
        values.put("one point zero", new BigDecimal("1.0"));
        values.put("many digits", new BigDecimal("123456789012345678901234567890.1234567890"));
        values.put("long", Long.MAX_VALUE);
        values.put("true", true);
        values.put("list", Arrays.asList(1, "two", null, List.of(3.5)));
        values.put("map", Map.of("deep", Map.of("deeper", List.of(Map.of("deepest", "found")))));
        values.put("megabyte", "é".repeat(1 << 19));
        return values;
    }

    @DatabaseTest
    void values_come_back_as_they_were_given(TestDatabase database) {
        WorkflowDefinition copying = WorkflowDefinition.named("copying")
                .task(
                        "copy",
                        context -> values().forEach(
                                        (key, value) -> context.put("copy of " + key, context.get(key, Object.class))))
                .task("look", ContextTest::requireCopies, task -> task.after("copy"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(copying).start()) {
            Execution done = engine.run("copying", values());

            assertThat(engine, done.id()).isCompleted();
            assertThat(engine.engine().context(done.id()).get("copy of one point zero", BigDecimal.class))
                    .isEqualTo(new BigDecimal("1.0"));
        }
    }

    private static void requireCopies(TaskContext context) {
        values().forEach((key, value) -> {
            Object expected = value.equals(values().get("list"))
                    ? Arrays.asList(1, "two", null, List.of(new BigDecimal("3.5")))
                    : value;
            assertThat(context.get(key, Object.class)).isEqualTo(expected);
            assertThat(context.get("copy of " + key, Object.class)).isEqualTo(expected);
        });
    }

    @DatabaseTest
    void records_and_instants_come_back_as_what_they_are(TestDatabase database) {
        Instant at = Instant.parse("2026-03-08T07:00:00.123456Z");
        WorkflowDefinition typed = WorkflowDefinition.named("typed")
                .task("write", context -> context.put("point", new Point(1, 2)))
                .task(
                        "read",
                        context -> {
                            assertThat(context.get("point", Point.class)).isEqualTo(new Point(1, 2));
                            assertThat(context.get("at", Instant.class)).isEqualTo(at);
                        },
                        task -> task.after("write"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(typed).start()) {
            Execution done = engine.run("typed", Map.of("at", at));

            assertThat(engine, done.id()).isCompleted();
        }
    }

    @DatabaseTest
    void a_value_over_the_limit_is_refused_and_says_how_large_it_is(TestDatabase database) {
        WorkflowDefinition writing = WorkflowDefinition.named("writing")
                .task(
                        "write",
                        context -> context.put(
                                "a",
                                "x".repeat(context.find("length", Integer.class).orElse(0))))
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(writing)
                .configure(builder -> builder.maxContextBytes(1_000))
                .start()) {
            // {"a":"…"} has eight characters around the value.
            assertThat(engine.run("writing", Map.of("a", "x".repeat(992)))).isCompleted();
            assertThat(engine.run("writing", Map.of("a", "é".repeat(496)))).isCompleted();
            Map<String, Integer> before = Rows.counts(database);

            for (String tooLarge : List.of("x".repeat(993), "é".repeat(497))) {
                assertThatThrownBy(() -> engine.submit("writing", Map.of("a", tooLarge)))
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("CONTEXT_TOO_LARGE"))
                        .hasMessageContaining("writing")
                        .hasMessageMatching("(?s).*100[12] bytes.*1000.*");
            }
            assertThat(Rows.counts(database)).isEqualTo(before);

            assertThat(engine.run("writing", Map.of("length", 992))).isCompleted();
            UUID tooLong = engine.run("writing", Map.of("length", 993)).id();
            assertThat(engine, tooLong)
                    .isFailed()
                    .hasTask("write")
                    .failed()
                    .because("task 'write'")
                    .because("1001 bytes");
        }
    }

    @DatabaseTest
    void a_missing_value_is_empty_and_one_of_another_type_is_a_clear_error(TestDatabase database) {
        List<CloacinaException> errors = new ArrayList<>();
        WorkflowDefinition asking = WorkflowDefinition.named("asking")
                .task("ask", context -> {
                    assertThat(context.find("nothing", String.class)).isEmpty();
                    assertThat(context.find("null", String.class)).isEmpty();
                    try {
                        context.get("nothing", String.class);
                    } catch (CloacinaException e) {
                        errors.add(e);
                    }
                    try {
                        context.find("text", Integer.class);
                    } catch (CloacinaException e) {
                        errors.add(e);
                    }
                })
                .build();
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        input.put("text", "seven");
        input.put("null", null);
        try (TestEngine engine = TestEngine.on(database.url()).workflow(asking).start()) {
            UUID id = engine.submit("asking", input);
            engine.tick();

            assertThat(engine, id).isCompleted();
            assertThat(errors).extracting(CloacinaException::code).containsExactly("MISSING_VALUE", "WRONG_TYPE");
            assertThat(errors.get(0)).hasMessageContaining("'nothing'").hasMessageContaining("task 'ask'");
            assertThat(errors.get(1))
                    .hasMessageContaining("'text'")
                    .hasMessageContaining("Integer")
                    .hasMessageContaining("seven");
        }
    }

    @DatabaseTest
    void a_value_that_was_passed_on_does_not_override_a_newer_one(TestDatabase database) {
        // C only reads what A wrote; B replaces it. Whatever the order of declaration, and with one task more on either
        // way.
        List<WorkflowDefinition> diamonds = List.of(
                diamond("b first", "b", "c"),
                diamond("c first", "c", "b"),
                WorkflowDefinition.named("longer")
                        .task("a", context -> context.put("value", "of a"))
                        .task("b", context -> context.put("value", "of b"), task -> task.after("a"))
                        .task("c", reading("of a"), task -> task.after("a"))
                        .task("through b", reading("of b"), task -> task.after("b"))
                        .task("through c", reading("of a"), task -> task.after("c"))
                        .task("through c again", reading("of a"), task -> task.after("through c"))
                        .task("d", reading("of b"), task -> task.after("through b", "through c again"))
                        .build());
        for (WorkflowDefinition diamond : diamonds) {
            try (TestEngine engine =
                    TestEngine.on(database.url()).workflow(diamond).start()) {
                Execution done = engine.run(diamond.name(), Map.of("value", "of the input"));

                assertThat(engine, done.id()).isCompleted();
                assertThat(engine.engine().context(done.id()).get("value", String.class))
                        .isEqualTo("of b");
            }
        }
    }

    private static WorkflowDefinition diamond(String name, String first, String second) {
        WorkflowDefinition.Builder builder =
                WorkflowDefinition.named(name).task("a", context -> context.put("value", "of a"));
        for (String middle : List.of(first, second)) {
            builder.task(
                    middle,
                    middle.equals("b") ? context -> context.put("value", "of b") : reading("of a"),
                    task -> task.after("a"));
        }
        return builder.task("d", reading("of b"), task -> task.after(first, second))
                .build();
    }

    private static TaskBody reading(String expected) {
        return context -> assertThat(context.get("value", String.class)).isEqualTo(expected);
    }

    @DatabaseTest
    void of_two_unrelated_writers_the_later_in_the_definition_wins_whoever_ends_last(TestDatabase database) {
        for (String late : List.of("first", "second", "none")) {
            WorkflowDefinition racing = WorkflowDefinition.named("racing " + late)
                    .task(
                            "first",
                            writing("first", late),
                            task -> task.retry(RetryPolicy.fixed(2, Duration.ofHours(1))))
                    .task(
                            "second",
                            writing("second", late),
                            task -> task.retry(RetryPolicy.fixed(2, Duration.ofHours(1))))
                    .task("look", reading("of second"), task -> task.after("second", "first"))
                    .build();
            try (TestEngine engine =
                    TestEngine.on(database.url()).workflow(racing).start()) {
                UUID id = engine.submit(racing.name());
                engine.tick();
                engine.advance(Duration.ofHours(1));

                assertThat(engine, id).isCompleted();
                assertThat(engine.engine().context(id).get("value", String.class))
                        .isEqualTo("of second");
            }
        }
    }

    private static TaskBody writing(String name, String late) {
        return context -> {
            if (name.equals(late) && context.attempt() == 1) {
                throw new IllegalStateException("not yet");
            }
            context.put("value", "of " + name);
        };
    }

    @DatabaseTest
    void what_a_failed_attempt_wrote_is_not_there(TestDatabase database) {
        WorkflowDefinition failing = WorkflowDefinition.named("failing")
                .task(
                        "write",
                        context -> {
                            assertThat(context.find("value", Integer.class)).isEmpty();
                            context.put("value", context.attempt());
                            context.put("attempt " + context.attempt(), true);
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("after writing");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(failing).start()) {
            Execution done = engine.run("failing");

            assertThat(engine.engine().context(done.id()).json()).isEqualTo("{\"value\":2,\"attempt 2\":true}");
        }
    }

    @DatabaseTest
    void null_removes_a_key(TestDatabase database) {
        WorkflowDefinition removing = WorkflowDefinition.named("removing")
                .task("remove", context -> {
                    context.put("value", null);
                    assertThat(context.find("value", String.class)).isEmpty();
                })
                .task(
                        "look",
                        context -> assertThat(context.json()).isEqualTo("{\"kept\":1}"),
                        task -> task.after("remove"))
                .task("again", context -> context.put("value", "back"), task -> task.after("look"))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(removing).start()) {
            Execution done = engine.run("removing", Map.of("value", "old", "kept", 1));

            assertThat(engine, done.id()).isCompleted();
            assertThat(engine.engine().context(done.id()).get("value", String.class))
                    .isEqualTo("back");
        }
    }

    @DatabaseTest
    void rules_and_bodies_see_the_same(TestDatabase database) {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("seeing")
                .task("a", context -> {
                    context.put("value", "of a");
                    context.put("removed", 1);
                })
                .task(
                        "b",
                        context -> {
                            context.put("value", "of b");
                            context.put("removed", null);
                        },
                        task -> task.after("a"))
                .task("c", NOTHING, task -> task.after("a"))
                .task("beside", context -> context.put("beside", true));
        Map<String, TriggerCondition> holding = Map.of(
                "value", TriggerCondition.contextValue("value", ValueOperator.EQUALS, "of b"),
                "input", TriggerCondition.contextValue("input", ValueOperator.EQUALS, 7),
                "removed", TriggerCondition.contextValue("removed", ValueOperator.NOT_EXISTS),
                // Not an ancestor of d: neither rule nor body sees it.
                "beside", TriggerCondition.contextValue("beside", ValueOperator.NOT_EXISTS));
        holding.forEach((name, condition) -> builder.task(
                "d " + name,
                context -> assertThat(context.json()).isEqualTo("{\"input\":7,\"value\":\"of b\"}"),
                task -> task.after("b", "c").when(TriggerRule.all(condition))));
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(builder.build()).start()) {
            Execution done = engine.run("seeing", Map.of("input", 7));

            assertThat(engine, done.id()).isCompleted().hasOnlyCompletedTasks();
        }
    }

    @DatabaseTest
    void a_damaged_context_fails_the_task_that_should_see_it(TestDatabase database) {
        for (String damaged : List.of("{\"value\":", "[1]", "")) {
            WorkflowDefinition reading = WorkflowDefinition.named("reading " + damaged.length())
                    .task("read", NOTHING)
                    .build();
            try (TestEngine engine =
                    TestEngine.on(database.url()).workflow(reading).start()) {
                UUID id = engine.submit(reading.name(), Map.of("value", 1));
                Rows.run(database, "UPDATE contexts SET value = '" + damaged + "'");

                engine.tick();

                assertThat(engine, id)
                        .isFailed()
                        .hasTask("read")
                        .failed()
                        .because("the stored context of execution " + id + " is not ");
            }
        }
    }

    @DatabaseTest
    void a_damaged_context_fails_the_task_whose_rule_should_look_at_it(TestDatabase database) {
        WorkflowDefinition deciding = WorkflowDefinition.named("deciding")
                .task("write", context -> context.put("value", 1))
                .task(
                        "wait",
                        context -> {
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("a minute later");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ofMinutes(1))))
                .task(
                        "decide",
                        NOTHING,
                        task -> task.after("write", "wait")
                                .when(TriggerRule.all(TriggerCondition.contextValue("value", ValueOperator.EQUALS, 1))))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(deciding).start()) {
            UUID id = engine.submit("deciding");
            engine.tick();
            Rows.run(database, "UPDATE contexts SET value = '{'");

            engine.advance(Duration.ofMinutes(1));

            assertThat(engine, id)
                    .isFailed()
                    .hasTask("wait")
                    .completed()
                    .onAttempt(2)
                    .and()
                    .hasTask("decide")
                    .failed()
                    .because("the stored context of task 'write' of execution " + id);
        }
    }

    @DatabaseTest
    void what_cannot_be_json_fails_the_attempt(TestDatabase database) {
        WorkflowDefinition writing = WorkflowDefinition.named("writing")
                .task("object", context -> context.put("value", new Object()))
                .task("half", context -> context.put("value", "half of a pair: \uD83D"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(writing).start()) {
            Execution done = engine.run("writing");

            assertThat(engine, done.id())
                    .isFailed()
                    .hasTask("object")
                    .failed()
                    .because("'value' cannot be JSON")
                    .and()
                    .hasTask("half")
                    .failed()
                    .because("half of a surrogate pair");
            assertThatThrownBy(() -> engine.submit("writing", Map.of("key", new Object())))
                    .isInstanceOf(CloacinaException.class)
                    .hasMessageContaining("'key'");
        }
    }

    @DatabaseTest
    void a_missing_value_has_the_reason_or_the_key_that_was_meant(TestDatabase database) {
        WorkflowDefinition workflow = WorkflowDefinition.named("forgetful")
                .task("price", context -> context.output(5))
                .task("bill", context -> context.get("price", Integer.class))
                .task("send", context -> context.get("cty", String.class))
                .task("close", context -> context.get("sum", Integer.class))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(workflow).start()) {
            UUID id = engine.run("forgetful", Map.of("city", "Riga")).id();

            assertThat(engine, id)
                    .isFailed()
                    .hasTask("bill")
                    .because("task 'price' does not run before it; name it in after")
                    .and()
                    .hasTask("send")
                    .because("a task before it, or the input, must write it. Did you mean 'city'?")
                    .and()
                    .hasTask("close")
                    .because("a task before it, or the input, must write it");
            Context written = engine.engine().context(id);
            assertThatThrownBy(() -> written.get("prise", Integer.class))
                    .hasMessageEndingWith("in the context of execution " + id
                            + "; no task has written it so far, and the input does not have it."
                            + " Did you mean 'price'?");
        }
    }
}
