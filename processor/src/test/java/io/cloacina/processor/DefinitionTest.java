package io.cloacina.processor;

import static io.cloacina.api.TriggerCondition.contextValue;
import static io.cloacina.api.TriggerCondition.taskFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.CronTrigger;
import io.cloacina.api.InFlight;
import io.cloacina.api.InputDefinition;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import io.cloacina.api.Wait;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.api.WorkflowProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is generated for a workflow that uses everything. */
class DefinitionTest {
    @TempDir
    Path output;

    private Compilation compilation;
    private WorkflowDefinition workflow;

    @BeforeEach
    void compile() throws Exception {
        compilation = Compilation.of(output, resource("SeattleWeather.txt"));
        assertThat(compilation.problems()).isEmpty();
        workflow = define(compilation.classes(), "weather.SeattleWeather");
    }

    static WorkflowDefinition define(ClassLoader classes, String type) throws ReflectiveOperationException {
        var constructor = classes.loadClass(type).getDeclaredConstructor();
        constructor.setAccessible(true);
        return WorkflowDefinition.of(constructor.newInstance());
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(DefinitionTest.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private TaskDefinition task(String name) {
        return workflow.task(name).orElseThrow();
    }

    @Test
    void the_source_is_as_it_was_read() throws IOException {
        assertThat(String.join("\n", compilation.lines("weather/SeattleWeatherDefinition.java")) + "\n")
                .isEqualTo(resource("SeattleWeatherDefinition.txt"));
    }

    @Test
    void the_service_loader_finds_the_provider() {
        assertThat(ServiceLoader.load(WorkflowProvider.class, compilation.classes()))
                .singleElement()
                .satisfies(provider -> {
                    assertThat(provider.workflowName()).isEqualTo("seattle-weather");
                    assertThat(provider.type().getName()).isEqualTo("weather.SeattleWeather");
                });
    }

    @Test
    void the_workflow_has_its_name_version_and_limits() {
        assertThat(workflow).hasToString("seattle-weather@7");
        assertThat(workflow.limits())
                .extracting(Limit::toString)
                .containsExactly(Limit.atMost(2).per("city").toString());
    }

    @Test
    void tasks_depend_on_what_they_take_and_on_what_they_come_after() {
        assertThat(task("read").dependencies()).isEmpty();
        assertThat(task("round").dependencies()).containsExactly("read");
        assertThat(task("store").dependencies()).containsExactly("round", "read");
        assertThat(task("wake").dependencies()).containsExactly("due");
        assertThat(task("approve it").dependencies()).containsExactly("read", "store");
        assertThat(task("alarm").dependencies()).containsExactly("round", "bill", "read");
    }

    @Test
    void retry_timeout_priority_and_limits_are_those_of_the_annotations() {
        RetryPolicy retry = task("round").retry();

        assertThat(retry)
                .hasToString(RetryPolicy.linear(5, Duration.ofSeconds(1))
                                .maxDelay(Duration.ofSeconds(90))
                                .jitter(0.2)
                                .retryOn(IOException.class, IllegalStateException.class)
                        + ", on a condition");
        assertThat(task("round").timeout()).contains(Duration.ofSeconds(90));
        assertThat(task("round").priority()).isEqualTo(5);
        assertThat(task("round").limits())
                .extracting(Limit::toString)
                .containsExactly("starts 100 in PT1M", "at once 4");
        assertThat(task("read").retry().maxAttempts()).isEqualTo(1);
        assertThat(task("store").isTransactional()).isTrue();
    }

    @Test
    void schedules_are_those_of_the_annotations() throws Exception {
        String source = """
                @Workflow
                @Scheduled(cron = "0 2 * * *")
                @Scheduled(cron = "0 * * * *", zone = "America/Los_Angeles", name = "hourly")
                class LateWeather {
                    @Task int read() { return 1; }
                }
                """;
        Compilation scheduled = Compilation.of(output, Compilation.inPackage(source));

        assertThat(scheduled.problems()).isEmpty();
        assertThat(define(scheduled.classes(), "weather.LateWeather").schedules())
                .containsExactly(
                        new CronTrigger("late-weather", "0 2 * * *", "UTC"),
                        new CronTrigger("hourly", "0 * * * *", "America/Los_Angeles"));
    }

    @Test
    void inputs_are_those_that_parameters_take_each_once_and_optional_if_all_take_an_optional() {
        assertThat(workflow.inputs())
                .containsExactly(
                        new InputDefinition("csv", Path.class, true),
                        new InputDefinition("first", Integer.class, true),
                        new InputDefinition("hint", String.class, false),
                        new InputDefinition("city", String.class, true));
        assertThat(workflow.inFlight()).isEqualTo(InFlight.PINNED);
        assertThat(workflow.refusesUnknownInput()).isTrue();
    }

    @Test
    void tasks_declare_what_they_read_and_return() {
        assertThat(types(task("round").reads())).isEqualTo("{read=java.util.List<weather.SeattleWeather$Day>}");
        assertThat(types(task("wake").reads())).isEqualTo("{due=java.time.Instant}");
        assertThat(types(task("alarm").reads()))
                .isEqualTo("{round=java.util.List<java.lang.Double>, bill=java.util.Map<java.lang.String, int[]>}");
        assertThat(task("read").reads()).isEmpty();
        assertThat(task("round").output().orElseThrow().getTypeName()).isEqualTo("java.util.List<java.lang.Double>");
        assertThat(task("confirm").output()).contains(Integer.class);
        assertThat(task("store").output()).isEmpty();
        assertThat(task("bill").output()).isEmpty();
    }

    private static String types(Map<String, Type> reads) {
        Map<String, String> names = new LinkedHashMap<>();
        reads.forEach((key, type) -> names.put(key, type.getTypeName()));
        return names.toString();
    }

    @Test
    void waits_fan_outs_and_children_are_those_of_the_annotations() {
        assertThat(task("bill").waitsFor()).contains(new Wait.Sleep(Duration.ofHours(1)));
        assertThat(task("bill").child()).hasValueSatisfying(child -> {
            assertThat(child.workflow()).isEqualTo("billing");
            assertThat(child.take()).isEqualTo("invoice");
        });
        assertThat(task("wake").waitsFor().orElseThrow()).isInstanceOf(Wait.SleepUntil.class);
        assertThat(task("approve it").waitsFor()).contains(new Wait.Signal("approval", Duration.ofHours(24), true));
        assertThat(task("confirm").waitsFor()).contains(new Wait.Signal("code", Duration.ofDays(1), false));
        assertThat(task("round").fanOut()).hasValueSatisfying(fan -> {
            assertThat(fan.list()).isEqualTo("read");
            assertThat(fan.atOnce()).isEqualTo(3);
        });
    }

    @Test
    void a_rule_is_that_of_the_annotation() {
        assertThat(task("alarm").rule())
                .isEqualTo(TriggerRule.any(
                        taskFailed("round"),
                        contextValue("total", ValueOperator.GREATER_THAN, 100L),
                        contextValue(
                                "tags",
                                ValueOperator.EQUALS,
                                List.of("a", Map.of("b", new BigDecimal("1.50"), "c", true)))));
        assertThat(task("read").rule()).isEqualTo(TriggerRule.dependenciesCompleted());
    }

    @Test
    void bodies_call_the_methods_with_what_they_take() throws Exception {
        assertThat(run("read", new StoredContext().with("csv", Path.of("rain.csv"))))
                .isEqualTo("[Day[date=rain.csv, rain=1.0]]");
        assertThat(run("read", new StoredContext().with("csv", Path.of("a")).with("first", 3)))
                .isEqualTo("[Day[date=a, rain=3.0]]");
        assertThat(run("bill", new StoredContext().with("wake", 4))).isEqualTo("{wake=4}");
        assertThat(run("approve it", new StoredContext())).isEqualTo("nobody");
        assertThat(run("approve it", new StoredContext().with(StoredContext.SIGNAL, "me")))
                .isEqualTo("me");
        assertThat(run("confirm", new StoredContext().with(StoredContext.SIGNAL, 5)))
                .isEqualTo("5");
    }

    private String run(String task, TaskContext context) throws Exception {
        task(task).body().run(context);
        return context.get(StoredContext.OUTPUT, String.class);
    }

    @Test
    void a_method_without_result_puts_nothing_out() throws Exception {
        StoredContext context = new StoredContext()
                .with("round", List.of(1.0))
                .with("read", List.of())
                .with("city", "Seattle ")
                .with("first", 2);
        task("store").body().run(context);

        assertThat(context.find(StoredContext.OUTPUT, String.class)).isEmpty();
        assertThat(context.get("stored", String.class)).isEqualTo("Seattle 3");
    }
}
