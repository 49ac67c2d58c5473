package io.cloacina.testing.conformance;

import static io.cloacina.api.TriggerCondition.contextValue;
import static io.cloacina.api.TriggerCondition.taskCompleted;
import static io.cloacina.api.TriggerCondition.taskFailed;
import static io.cloacina.api.TriggerCondition.taskSkipped;
import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskOptions;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RulesTest {
    private static final TaskBody NOTHING = context -> {};
    private static final TaskBody FAILING = context -> {
        throw new IllegalStateException("as it should");
    };

    private record Case(TriggerRule rule, @Nullable String skippedBecause) {}

    private static Case runs(TriggerRule rule) {
        return new Case(rule, null);
    }

    private static Case skipped(TriggerRule rule, String because) {
        return new Case(rule, because);
    }

    /** After a task that completed, one that failed and one that was skipped. */
    private static void assertAll(TestDatabase database, List<Case> cases) {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("decided")
                .task("good", NOTHING)
                .task("bad", FAILING)
                .task("out", NOTHING, task -> task.after("good").when(TriggerRule.none(taskCompleted("good"))));
        for (int i = 0; i < cases.size(); i++) {
            TriggerRule rule = cases.get(i).rule();
            builder.task(
                    "case " + i,
                    NOTHING,
                    task -> task.after("good", "bad", "out").when(rule));
        }
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(builder.build()).start()) {
            UUID id = engine.run("decided", Map.of("answer", 42)).id();

            assertThat(engine, id).isFailed().hasTask("good").completed();
            assertThat(engine, id).hasTask("bad").failed();
            assertThat(engine, id).skipped("out").because("must not hold: TaskCompleted 'good'");
            for (int i = 0; i < cases.size(); i++) {
                String because = cases.get(i).skippedBecause();
                if (because == null) {
                    assertThat(engine, id)
                            .as(cases.get(i).toString())
                            .hasTask("case " + i)
                            .completed();
                } else {
                    assertThat(engine, id)
                            .as(cases.get(i).toString())
                            .skipped("case " + i)
                            .because(because);
                }
            }
        }
    }

    @DatabaseTest
    void each_kind_of_rule_and_condition_decides_by_how_the_tasks_ended(TestDatabase database) {
        TriggerCondition answer = contextValue("answer", ValueOperator.EQUALS, 42);
        TriggerCondition other = contextValue("answer", ValueOperator.EQUALS, 43);
        assertAll(
                database,
                List.of(
                        skipped(TriggerRule.dependenciesCompleted(), "its dependency 'bad' is Failed"),
                        runs(TriggerRule.always()),
                        runs(TriggerRule.all(taskCompleted("good"))),
                        runs(TriggerRule.all(taskFailed("bad"))),
                        runs(TriggerRule.all(taskSkipped("out"))),
                        runs(TriggerRule.all(taskCompleted("good"), taskFailed("bad"), taskSkipped("out"), answer)),
                        skipped(TriggerRule.all(taskCompleted("good"), taskCompleted("bad")), "TaskCompleted 'bad'"),
                        skipped(TriggerRule.all(taskCompleted("out")), "TaskCompleted 'out'"),
                        skipped(TriggerRule.all(taskFailed("good")), "TaskFailed 'good'"),
                        skipped(TriggerRule.all(taskFailed("out")), "TaskFailed 'out'"),
                        skipped(TriggerRule.all(taskSkipped("good")), "TaskSkipped 'good'"),
                        skipped(TriggerRule.all(taskSkipped("bad")), "TaskSkipped 'bad'"),
                        skipped(TriggerRule.all(answer, other), "'answer' Equals 43"),
                        runs(TriggerRule.any(taskFailed("good"), taskFailed("bad"))),
                        runs(TriggerRule.any(other, answer)),
                        skipped(
                                TriggerRule.any(taskFailed("good"), other),
                                "none of its conditions holds: TaskFailed 'good', 'answer' Equals 43"),
                        runs(TriggerRule.none(taskFailed("good"), taskSkipped("bad"), other)),
                        skipped(TriggerRule.none(other, taskFailed("bad")), "must not hold: TaskFailed 'bad'"),
                        skipped(TriggerRule.none(answer), "must not hold: 'answer' Equals 42")));
    }

    @DatabaseTest
    void a_task_without_a_rule_is_skipped_when_a_dependency_failed_and_so_is_what_follows(TestDatabase database) {
        WorkflowDefinition chain = WorkflowDefinition.named("chain")
                .task("bad", FAILING)
                .task("second", NOTHING, task -> task.after("bad"))
                .task("third", NOTHING, task -> task.after("second"))
                .task("beside", NOTHING)
                .task("joined", NOTHING, task -> task.after("beside", "third"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(chain).start()) {
            UUID id = engine.run("chain").id();

            assertThat(engine, id)
                    .isFailed()
                    .because("failed tasks: bad")
                    .skipped("second")
                    .because("skipped: its dependency 'bad' is Failed")
                    .and()
                    .skipped("third")
                    .because("skipped: its dependency 'second' is Skipped")
                    .and()
                    .skipped("joined")
                    .because("skipped: its dependency 'third' is Skipped")
                    .onAttempt(0)
                    .and()
                    .hasTask("beside")
                    .completed();
            assertThat(Rows.texts(database, "SELECT error_details FROM task_executions WHERE task_name = 'second'"))
                    .containsExactly("skipped: its dependency 'bad' is Failed");
        }
    }

    @DatabaseTest
    void an_execution_in_which_tasks_were_skipped_and_none_failed_is_completed(TestDatabase database) {
        WorkflowDefinition branching = WorkflowDefinition.named("branching")
                .task("choose", context -> context.put("way", "left"))
                .task("left", NOTHING, way("left"))
                .task("right", NOTHING, way("right"))
                .task("after right", NOTHING, task -> task.after("right"))
                .task(
                        "join",
                        NOTHING,
                        task -> task.after("left", "right")
                                .when(TriggerRule.any(taskCompleted("left"), taskCompleted("right"))))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(branching).start()) {
            UUID id = engine.run("branching").id();

            assertThat(engine, id)
                    .isCompleted()
                    .skipped("right")
                    .because("'way' Equals \"right\"")
                    .and()
                    .skipped("after right")
                    .and()
                    .hasTask("join")
                    .completed();
        }
    }

    private static Consumer<TaskOptions> way(String name) {
        return task -> task.after("choose").when(TriggerRule.all(contextValue("way", ValueOperator.EQUALS, name)));
    }

    @DatabaseTest
    void a_compensating_task_runs_only_when_the_other_failed(TestDatabase database) {
        List<String> ran = new ArrayList<>();
        WorkflowDefinition paying = WorkflowDefinition.named("paying")
                .task("charge", context -> ran.add("charge"))
                .task(
                        "ship",
                        context -> {
                            if (context.get("fails", Boolean.class)) {
                                throw new IllegalStateException("out of stock");
                            }
                        },
                        task -> task.after("charge"))
                .task(
                        "refund",
                        context -> ran.add("refund"),
                        task -> task.after("charge", "ship")
                                .when(TriggerRule.all(taskCompleted("charge"), taskFailed("ship"))))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(paying).start()) {
            UUID bad = engine.run("paying", Map.of("fails", true)).id();
            assertThat(engine, bad).isFailed().hasTask("refund").completed();
            assertThat(ran).containsExactly("charge", "refund");

            UUID good = engine.run("paying", Map.of("fails", false)).id();
            assertThat(engine, good).isCompleted().skipped("refund").because("TaskFailed 'ship'");
            assertThat(ran).containsExactly("charge", "refund", "charge");
        }
    }

    @DatabaseTest
    void a_rule_may_name_a_task_further_back(TestDatabase database) {
        WorkflowDefinition far = WorkflowDefinition.named("far")
                .task("first", FAILING)
                .task("always", NOTHING, task -> task.after("first").when(TriggerRule.always()))
                .task("third", NOTHING, task -> task.after("always"))
                .task(
                        "runs",
                        NOTHING,
                        task -> task.after("third").when(TriggerRule.all(taskFailed("first"), taskCompleted("always"))))
                .task("not", NOTHING, task -> task.after("third").when(TriggerRule.none(taskFailed("first"))))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(far).start()) {
            UUID id = engine.run("far").id();

            assertThat(engine, id).hasTask("third").completed();
            assertThat(engine, id).hasTask("runs").completed();
            assertThat(engine, id).skipped("not");
        }
    }

    @DatabaseTest
    void five_thousand_tasks_are_skipped_one_after_the_other(TestDatabase database) {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("long").task("task 0", FAILING);
        IntStream.range(1, 5_000)
                .forEach(i -> builder.task("task " + i, NOTHING, task -> task.after("task " + (i - 1))));
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(builder.build()).start()) {
            UUID id = engine.run("long").id();

            assertThat(engine, id).isFailed().skipped("task 4999").because("'task 4998' is Skipped");
        }
    }

    private record Comparison(
            String key, ValueOperator operator, @Nullable Object value, boolean holds) {
        TriggerCondition condition() {
            return value == null ? contextValue(key, operator) : contextValue(key, operator, value);
        }
    }

    private static Comparison holds(String key, ValueOperator operator, @Nullable Object value) {
        return new Comparison(key, operator, value, true);
    }

    private static Comparison doesNot(String key, ValueOperator operator, @Nullable Object value) {
        return new Comparison(key, operator, value, false);
    }

    private static Map<String, @Nullable Object> input() {
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        input.put("five", 5);
        input.put("decimal", new BigDecimal("5.50"));
        input.put("huge", Long.MAX_VALUE);
        input.put("text", "Straße 5 😀");
        input.put("empty", "");
        input.put("yes", true);
        input.put("list", Arrays.asList(1, "two", new BigDecimal("3.0"), List.of(4), null));
        input.put("map", Map.of("inner", 1, "list", List.of(1, 2)));
        input.put("null", null);
        return input;
    }

    @DatabaseTest
    void each_operator_compares_as_it_says_also_with_what_is_absent_or_of_another_type(TestDatabase database) {
        List<Comparison> all = new ArrayList<>();
        all.addAll(equality());
        all.addAll(order());
        all.addAll(containment());
        all.addAll(existence());
        WorkflowDefinition.Builder builder =
                WorkflowDefinition.named("comparing").task("root", NOTHING);
        for (int i = 0; i < all.size(); i++) {
            TriggerCondition condition = all.get(i).condition();
            builder.task("case " + i, NOTHING, task -> task.after("root").when(TriggerRule.all(condition)));
        }
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(builder.build()).start()) {
            UUID id = engine.submit("comparing", input());
            engine.tick();

            assertThat(engine, id).isCompleted();
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).holds()) {
                    assertThat(engine, id)
                            .as(all.get(i).toString())
                            .hasTask("case " + i)
                            .completed();
                } else {
                    assertThat(engine, id)
                            .as(all.get(i).toString())
                            .skipped("case " + i)
                            .because("'" + all.get(i).key() + "' "
                                    + all.get(i).operator().label());
                }
            }
        }
    }

    /** Each with its exact negation. */
    private static List<Comparison> negated(
            ValueOperator operator, ValueOperator negation, List<Object[]> holding, List<Object[]> not) {
        List<Comparison> all = new ArrayList<>();
        holding.forEach(each -> {
            all.add(holds((String) each[0], operator, each[1]));
            all.add(doesNot((String) each[0], negation, each[1]));
        });
        not.forEach(each -> {
            all.add(doesNot((String) each[0], operator, each[1]));
            all.add(holds((String) each[0], negation, each[1]));
        });
        return all;
    }

    private static Object[] of(String key, Object value) {
        return new Object[] {key, value};
    }

    private static List<Comparison> equality() {
        return negated(
                ValueOperator.EQUALS,
                ValueOperator.NOT_EQUALS,
                List.of(
                        of("five", 5),
                        of("five", 5.0),
                        of("decimal", 5.5),
                        of("huge", Long.MAX_VALUE),
                        of("text", "Straße 5 😀"),
                        of("empty", ""),
                        of("yes", true),
                        of("list", Arrays.asList(1.0, "two", 3, List.of(4.0), null)),
                        of("map", Map.of("list", List.of(1, 2.0), "inner", 1))),
                List.of(
                        of("five", 6),
                        of("five", "5"),
                        of("huge", (double) Long.MAX_VALUE),
                        of("text", "strasse 5 😀"),
                        of("yes", "true"),
                        of("yes", false),
                        of("yes", 1),
                        of("list", List.of(1, "two")),
                        of("map", Map.of("inner", 1)),
                        of("absent", "x"),
                        of("null", "null"),
                        of("null", 0)));
    }

    private static List<Comparison> order() {
        return List.of(
                holds("five", ValueOperator.GREATER_THAN, 4.99),
                doesNot("five", ValueOperator.GREATER_THAN, 5.0),
                doesNot("five", ValueOperator.LESS_THAN, 5),
                holds("five", ValueOperator.LESS_THAN, 5.01),
                holds("huge", ValueOperator.GREATER_THAN, Long.MAX_VALUE - 1),
                holds("decimal", ValueOperator.LESS_THAN, new BigDecimal("5.500000000000000000001")),
                holds("text", ValueOperator.GREATER_THAN, "Straße 5"),
                doesNot("text", ValueOperator.LESS_THAN, "A"),
                holds("empty", ValueOperator.LESS_THAN, "a"),
                // By code point, not by UTF-16: an emoji comes after U+FFFD.
                holds("text", ValueOperator.GREATER_THAN, "Straße 5 \uFFFD"),
                doesNot("five", ValueOperator.GREATER_THAN, "4"),
                doesNot("five", ValueOperator.LESS_THAN, "6"),
                doesNot("text", ValueOperator.GREATER_THAN, 1),
                doesNot("text", ValueOperator.LESS_THAN, 1),
                doesNot("yes", ValueOperator.GREATER_THAN, false),
                doesNot("list", ValueOperator.GREATER_THAN, List.of()),
                doesNot("absent", ValueOperator.GREATER_THAN, 0),
                doesNot("absent", ValueOperator.LESS_THAN, 0),
                doesNot("null", ValueOperator.LESS_THAN, 0),
                doesNot("null", ValueOperator.GREATER_THAN, ""));
    }

    private static List<Comparison> containment() {
        return negated(
                ValueOperator.CONTAINS,
                ValueOperator.NOT_CONTAINS,
                List.of(
                        of("text", "raße"),
                        of("text", ""),
                        of("text", "😀"),
                        of("list", 1.0),
                        of("list", "two"),
                        of("list", 3),
                        of("list", List.of(4)),
                        of("map", "inner")),
                List.of(
                        of("text", "STRA"),
                        of("text", 5),
                        of("list", "1"),
                        of("list", 4),
                        of("list", "tw"),
                        of("map", 1),
                        of("map", "absent"),
                        of("five", 5),
                        of("five", "5"),
                        of("yes", true),
                        of("absent", "x"),
                        of("null", "")));
    }

    private static List<Comparison> existence() {
        List<Comparison> all = new ArrayList<>();
        for (String there : List.of("five", "empty", "yes", "list", "null")) {
            all.add(holds(there, ValueOperator.EXISTS, null));
            all.add(doesNot(there, ValueOperator.NOT_EXISTS, null));
        }
        all.add(doesNot("absent", ValueOperator.EXISTS, null));
        all.add(holds("absent", ValueOperator.NOT_EXISTS, null));
        return all;
    }

    @DatabaseTest
    void rules_are_stored_as_json(TestDatabase database) {
        Map<String, TriggerRule> rules = new LinkedHashMap<>();
        rules.put("{\"type\":\"DependenciesCompleted\"}", TriggerRule.dependenciesCompleted());
        rules.put("{\"type\":\"Always\"}", TriggerRule.always());
        rules.put(
                "{\"type\":\"All\",\"conditions\":[{\"type\":\"TaskSuccess\",\"task_name\":\"root\"}]}",
                TriggerRule.all(taskCompleted("root")));
        rules.put(
                "{\"type\":\"Any\",\"conditions\":[{\"type\":\"TaskFailed\",\"task_name\":\"root\"},"
                        + "{\"type\":\"TaskSkipped\",\"task_name\":\"root\"}]}",
                TriggerRule.any(taskFailed("root"), taskSkipped("root")));
        rules.put(
                "{\"type\":\"None\",\"conditions\":[{\"type\":\"ContextValue\",\"key\":\"k\",\"operator\":\"GreaterThan\","
                        + "\"value\":1.5},{\"type\":\"ContextValue\",\"key\":\"é\",\"operator\":\"NotExists\"}]}",
                TriggerRule.none(
                        contextValue("k", ValueOperator.GREATER_THAN, 1.5),
                        contextValue("é", ValueOperator.NOT_EXISTS)));
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("stored").task("root", NOTHING);
        List<TriggerRule> inOrder = List.copyOf(rules.values());
        for (int i = 0; i < inOrder.size(); i++) {
            TriggerRule rule = inOrder.get(i);
            builder.task("task " + i, NOTHING, task -> task.after("root").when(rule));
        }
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(builder.build()).start()) {
            Execution done = engine.run("stored");

            assertThat(engine, done.id()).isCompleted();
            assertThat(Rows.texts(
                            database,
                            "SELECT trigger_rules FROM task_executions WHERE task_name <> 'root' ORDER BY task_name"))
                    .containsExactlyElementsOf(rules.keySet());
        }
    }
}
