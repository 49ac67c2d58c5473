package io.cloacina.api;

import static io.cloacina.api.TriggerCondition.contextValue;
import static io.cloacina.api.TriggerCondition.taskCompleted;
import static io.cloacina.api.TriggerCondition.taskFailed;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkflowVersionTest {
    private static final TaskBody NOTHING = context -> {};

    @Test
    void a_version_that_is_given_is_the_version() {
        WorkflowDefinition workflow =
                WorkflowDefinition.named("w").version("2").task("a", NOTHING).build();

        assertThat(workflow.version()).isEqualTo("2");
        assertThat(workflow).hasToString("w@2");
    }

    @Test
    void the_same_content_has_the_same_version() {
        assertThat(sample().version()).isEqualTo(sample().version()).matches("[0-9a-f]{16}");
    }

    @Test
    void the_name_of_the_workflow_is_not_part_of_its_version() {
        assertThat(WorkflowDefinition.named("x").task("a", NOTHING).build().version())
                .isEqualTo(
                        WorkflowDefinition.named("y").task("a", NOTHING).build().version());
    }

    @Test
    void the_order_in_which_dependencies_are_named_does_not_matter() {
        assertThat(versionWith(task -> task.after("a", "b"))).isEqualTo(versionWith(task -> task.after("b", "a")));
    }

    @Test
    void the_version_changes_with_each_part_of_a_task() {
        Duration second = Duration.ofSeconds(1);
        List<String> versions = Stream.<Consumer<TaskOptions>>of(
                        task -> {},
                        task -> task.after("a"),
                        task -> task.after("a", "b"),
                        task -> task.when(TriggerRule.always()),
                        task -> task.after("a").when(TriggerRule.all(taskCompleted("a"))),
                        task -> task.after("a").when(TriggerRule.any(taskCompleted("a"))),
                        task -> task.after("a").when(TriggerRule.any(taskFailed("a"))),
                        task -> task.when(TriggerRule.any(contextValue("k", ValueOperator.EXISTS))),
                        task -> task.when(TriggerRule.any(contextValue("k", ValueOperator.EQUALS, 1))),
                        task -> task.when(TriggerRule.any(contextValue("k", ValueOperator.EQUALS, "1"))),
                        task -> task.retry(RetryPolicy.fixed(2, second)),
                        task -> task.retry(RetryPolicy.linear(2, second)),
                        task -> task.retry(RetryPolicy.fixed(3, second)),
                        task -> task.retry(RetryPolicy.fixed(2, second).jitter(0.5)),
                        task -> task.retry(RetryPolicy.fixed(2, second).maxDelay(second)),
                        task -> task.retry(RetryPolicy.fixed(2, second).retryOn(IOException.class)),
                        task -> task.retry(RetryPolicy.fixed(2, second).retryIf(error -> true)),
                        task -> task.retry(RetryPolicy.fixed(2, second).retryIf(error -> false)),
                        task -> task.timeout(second),
                        task -> task.timeout(second.plusNanos(1)),
                        task -> task.priority(1),
                        TaskOptions::transactional,
                        task -> task.onCompleted(outcome -> {}),
                        task -> task.onFailed(outcome -> {}))
                .map(WorkflowVersionTest::versionWith)
                .toList();

        assertThat(versions).doesNotHaveDuplicates();
    }

    @Test
    void different_code_has_different_versions() {
        Step one = new StepOne();
        Step two = new StepTwo();

        assertThat(Stream.of(
                                NOTHING,
                                context -> {},
                                context -> context.put("a", 1),
                                context -> context.put("a", 2),
                                WorkflowVersionTest::doOne,
                                WorkflowVersionTest::doTwo,
                                new BodyOne(),
                                new BodyTwo(),
                                one::run,
                                two::run)
                        .map(WorkflowVersionTest::versionOf))
                .doesNotHaveDuplicates();
    }

    @Test
    void what_a_lambda_captures_is_no_code() {
        assertThat(versionOf(writing("Oslo"))).isEqualTo(versionOf(writing("Rome")));
    }

    @Test
    void the_code_names_class_method_and_class_file() {
        TaskCode code = new TaskCode();
        String test = "io.cloacina.api.WorkflowVersionTest";
        TaskBody reference = WorkflowVersionTest::doOne;
        Queue<Object> queue = new ConcurrentLinkedQueue<>();
        TaskBody ofTheJdk = queue::add;

        assertThat(code.of(reference)).matches(test + " [0-9a-f]{64} doOne\\(Lio/cloacina/api/TaskContext;\\)V");
        assertThat(code.of(NOTHING)).matches(test + " [0-9a-f]{64} lambda\\$.*");
        assertThat(code.of(new BodyOne())).matches(test + "\\$BodyOne [0-9a-f]{64}");
        assertThat(code.of(ofTheJdk))
                .startsWith("java.util.Queue add(Ljava/lang/Object;)Z")
                .endsWith(" on java.util.concurrent.ConcurrentLinkedQueue");
    }

    @Test
    void where_the_jdk_does_not_tell_the_class_has_to_do() {
        TaskCode code = new TaskCode();
        Runnable notSerializable = () -> {};
        InvocationHandler handler = (proxy, method, arguments) -> null;
        Object proxy =
                Proxy.newProxyInstance(TaskBody.class.getClassLoader(), new Class<?>[] {TaskBody.class}, handler);

        assertThat(code.of(notSerializable)).matches("io.cloacina.api.WorkflowVersionTest [0-9a-f]{64}");
        assertThat(code.of(proxy)).matches("proxy io.cloacina.api.WorkflowVersionTest [0-9a-f]{64}");
        assertThat(TaskCode.stableName("a.Weather$$Lambda$14/0x000000080013c000"))
                .isEqualTo("a.Weather");
        assertThat(TaskCode.stableName("a.Weather$$Lambda/0x000000080013c000")).isEqualTo("a.Weather");
        assertThat(TaskCode.stableName("a.Hidden/0x000000080013c000")).isEqualTo("a.Hidden");
        assertThat(TaskCode.stableName("a.Weather$Inner")).isEqualTo("a.Weather$Inner");
    }

    @Test
    void another_process_comes_to_the_same_version() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PrintVersion.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).describedAs(printed).isZero();
        assertThat(printed.strip()).isEqualTo(sample().version());
    }

    static final class PrintVersion {
        private PrintVersion() {}

        public static void main(String[] arguments) {
            versionOf(WorkflowVersionTest::doTwo); // this process makes its lambdas in another order
            System.out.println(sample().version());
        }
    }

    private static WorkflowDefinition sample() {
        Step step = new StepOne();
        return WorkflowDefinition.named("sample")
                .task("a", context -> context.put("a", 1))
                .task("b", WorkflowVersionTest::doOne, task -> task.after("a"))
                .task(
                        "c",
                        new BodyOne(),
                        task -> task.after("a", "b")
                                .when(TriggerRule.any(
                                        taskCompleted("a"), contextValue("a", ValueOperator.GREATER_THAN, 0.5))))
                .task(
                        "d",
                        step::run,
                        task -> task.timeout(Duration.ofSeconds(1))
                                .retry(RetryPolicy.exponential(3, Duration.ofMillis(5))
                                        .retryIf(error -> true))
                                .onFailed(outcome -> {}))
                .build();
    }

    private static String versionWith(Consumer<TaskOptions> options) {
        return WorkflowDefinition.named("w")
                .task("a", NOTHING)
                .task("b", NOTHING)
                .task("c", NOTHING, options)
                .build()
                .version();
    }

    private static String versionOf(TaskBody body) {
        return WorkflowDefinition.named("w").task("a", body).build().version();
    }

    private static TaskBody writing(String city) {
        return context -> context.put("city", city);
    }

    private static void doOne(TaskContext context) {
        context.put("one", 1);
    }

    private static void doTwo(TaskContext context) {
        context.put("two", 2);
    }

    private interface Step {
        void run(TaskContext context);
    }

    private static final class StepOne implements Step {
        @Override
        public void run(TaskContext context) {}
    }

    private static final class StepTwo implements Step {
        @Override
        public void run(TaskContext context) {}
    }

    private record BodyOne() implements TaskBody {
        @Override
        public void run(TaskContext context) {}
    }

    private record BodyTwo() implements TaskBody {
        @Override
        public void run(TaskContext context) {}
    }
}
