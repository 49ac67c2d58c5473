package io.cloacina.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowProcessorTest {
    @TempDir
    Path output;

    private Compilation compile(String source) {
        return Compilation.of(output, Compilation.inPackage(source));
    }

    private List<String> taskNames(String source, String type) throws ReflectiveOperationException {
        Compilation compilation = compile(source);
        assertThat(compilation.problems()).isEmpty();
        WorkflowDefinition workflow = DefinitionTest.define(compilation.classes(), type);
        return workflow.tasks().stream().map(TaskDefinition::name).toList();
    }

    @Test
    void all_problems_are_reported_at_once() {
        assertThat(compile("""
                                @Workflow class Weather {
                                    @Task(timeout = "x", priority = 2000) int read(int a, @Input Object b) { return 1; }
                                    @Task(after = {"raed", "none"}, retry = @Retry(maxAttempts = 0)) private void sum() {}
                                    @Task void text(@From String read, @From String sum) {}
                                }
                                """).problems()).hasSize(10);
    }

    @Test
    void a_problem_in_one_class_does_not_keep_another_from_being_written() {
        Compilation compilation =
                compile("@Workflow class Broken {}\n@Workflow class Right { @Task int read() { return 1; } }");

        assertThat(compilation.problems()).hasSize(1);
        assertThat(compilation.has("weather/RightDefinition.java")).isTrue();
        assertThat(compilation.has("weather/BrokenDefinition.java")).isFalse();
    }

    @Test
    void a_nested_class_has_the_names_of_those_around_it() throws Exception {
        String source = "class Outer { static class Middle {"
                + " @Workflow static class Inner { @Task int read() { return 1; } } } }";

        assertThat(taskNames(source, "weather.Outer$Middle$Inner")).containsExactly("read");
        assertThat(output.resolve("weather/Outer_Middle_InnerDefinition.class")).exists();
    }

    @Test
    void a_class_needs_no_package() throws Exception {
        Compilation compilation = Compilation.of(
                output,
                "import io.cloacina.api.annotation.*; @Workflow class Plain { @Task int read() { return 1; } }");

        assertThat(compilation.problems()).isEmpty();
        assertThat(DefinitionTest.define(compilation.classes(), "Plain").tasks())
                .hasSize(1);
    }

    @Test
    void tasks_are_inherited_unless_overridden() throws Exception {
        String source = """
                abstract class Base {
                    @Task protected int read() { return 1; }
                    @Task int old() { return 1; }
                    @Task(name = "last") abstract void finish();
                }
                @Workflow class Weather extends Base {
                    @Override int old() { return 2; }
                    @Override @Task(name = "last", after = "read") void finish() {}
                }
                """;

        assertThat(taskNames(source, "weather.Weather")).containsExactly("read", "last");
    }

    @Test
    void a_superclass_may_leave_types_to_the_workflow() throws Exception {
        String source = """
                abstract class Base<T> {
                    @Task abstract List<T> read();
                    @Task void store(@From List<T> read) {}
                }
                @Workflow class Weather extends Base<Integer> {
                    @Override @Task List<Integer> read() { return List.of(); }
                }
                """;

        assertThat(taskNames(source, "weather.Weather")).containsExactly("read", "store");
        assertThat(Files.readString(output.resolve("weather/WeatherDefinition.java")))
                .contains("workflow.store(context.get(\"read\", new TypeOf<List<Integer>>() {}))");
    }

    @Test
    void the_example_of_the_documentation_is_right() throws IOException {
        String page = Files.readString(Path.of("../docs/annotations.md"));
        int from = page.indexOf("@Workflow\n");
        String example = page.substring(from, page.indexOf("```", from));

        assertThat(compile("import java.nio.file.*; import java.sql.*;\n" + example)
                        .problems())
                .isEmpty();
    }

    @Test
    void a_task_that_is_inherited_and_not_implemented_is_reported() {
        assertThat(compile(
                                "abstract class Base {\n@Task abstract void read();\n}\n@Workflow abstract class Weather extends Base {}")
                        .problems())
                .anySatisfy(problem -> assertThat(problem).startsWith("3: ").contains("read is abstract"));
    }

    @Test
    void classes_may_have_the_names_of_those_that_are_imported() throws Exception {
        String source = """
                class String {}
                class Override {}
                class Duration {}
                record WorkflowDefinition(int a) {}
                @Workflow class Weather {
                    @Task(timeout = "1s") int read(@Input WorkflowDefinition one, @Input List<java.lang.String> two) { return 1; }
                }
                """;

        assertThat(taskNames(source, "weather.Weather")).containsExactly("read");
    }

    @Test
    void types_that_can_be_json_are_taken() throws Exception {
        String source = """
                @Workflow class Weather {
                    sealed interface Shape {}
                    record Circle(double radius, List<Circle> inner) implements Shape {}
                    record Square(int side) implements Shape {}
                    record Pair<A, B>(A left, B right) {}
                    static class Bean { public int size; }
                    enum Kind { RAIN }
                    @Task Pair<Shape, Map<Kind, Bean[]>> read(
                            @Input byte[] bytes, @Input char letter, @Input Instant at, @Input ZoneId zone, @Input UUID id,
                            @Input ArrayList<? extends Shape> shapes, @Input Map<UUID, Set<Locale>> locales, @Input int[][] grid) {
                        return new Pair<>(new Square(1), Map.of());
                    }
                    @Task long wider(@From Pair<Shape, Map<Kind, Bean[]>> read) { return 1; }
                    @Task void widest(@From double wider) {}
                    @Task Optional<String> maybe() { return Optional.empty(); }
                    @Task void takes(@From Optional<String> maybe, @From("wider") Optional<Long> number) {}
                }
                """;

        assertThat(taskNames(source, "weather.Weather")).containsExactly("read", "wider", "widest", "maybe", "takes");
    }

    @Test
    void what_a_rule_makes_sure_is_taken_without_optional() throws Exception {
        String source = """
                @Workflow class Weather {
                    @Task int a() { return 1; }
                    @Task int b(@From int a) { return 1; }
                    @Task(when = @When(allOf = {@Condition(completed = "b"), @Condition(key = "x")})) void c(@From int a, @From int b) {}
                    @Task(when = @When(noneOf = {@Condition(failed = "a"), @Condition(skipped = "a")})) void d(@From int a) {}
                    @Task(after = "c", when = @When(always = true)) void e() {}
                }
                """;

        assertThat(taskNames(source, "weather.Weather")).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void a_task_of_another_package_has_to_be_public() {
        String base = "package base; import io.cloacina.api.annotation.*; public abstract class Base {\n"
                + "@Task protected int hidden() { return 1; }\n@Task public int seen() { return 1; }\n}";
        String workflow = Compilation.inPackage("@Workflow class Weather extends base.Base {}");

        assertThat(Compilation.of(output, base, workflow).problems())
                .singleElement()
                .asString()
                .startsWith("2: ")
                .contains("hidden is not visible from another package, so the generated definition cannot call it");
    }

    @Test
    void a_task_of_an_interface_is_reported() {
        assertThat(compile("interface Base {\n@Task default int read() { return 1; }\n}\n"
                                + "@Workflow class Weather implements Base { @Task int other() { return 1; } }")
                        .problems())
                .singleElement()
                .asString()
                .startsWith("3: ")
                .contains("@Task is on method read, but Base is not a workflow");
    }

    @Test
    void a_class_that_workflows_extend_is_abstract_or_a_workflow_itself() {
        assertThat(compile("class Base {\n@Task int read() { return 1; }\n}\n@Workflow class Weather extends Base {}")
                        .problems())
                .singleElement()
                .asString()
                .startsWith("3: ")
                .contains("make it abstract if workflows extend it");
    }

    @Test
    void each_cycle_is_reported_once() {
        String source = """
                @Workflow class Weather {
                    @Task(after = "b") void a() {}
                    @Task(after = "a") void b() {}
                    @Task(after = "b") void behind() {}
                    @Task(after = "d") void c() {}
                    @Task(after = {"c", "a"}) void d() {}
                }
                """;

        assertThat(compile(source).problems())
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains("a -> b -> a"))
                .anySatisfy(problem -> assertThat(problem).contains("c -> d -> c"));
    }

    @Test
    void a_class_that_an_annotation_names_and_nobody_writes_is_reported_by_the_compiler_only() {
        assertThat(compile("@Workflow class Weather {"
                                + " @Task(retry = @Retry(maxAttempts = 2, on = Lost.class)) int read() { return 1; } }")
                        .problems())
                .singleElement()
                .asString()
                .contains("cannot find symbol");
    }

    @Test
    void an_annotation_that_is_not_complete_is_reported_by_the_compiler_only() {
        assertThat(compile("@Workflow class Weather { @Task @Sleep int read() { return 1; } }")
                        .problems())
                .singleElement()
                .asString()
                .contains("is missing a default value for the element 'value'");
        assertThat(compile("@Workflow class Weather { @Task @AtMost(\"four\") int read() { return 1; } }")
                        .problems())
                .singleElement()
                .asString()
                .contains("String cannot be converted to int");
    }

    @Test
    void limits_are_per_what_the_input_has_and_schedules_need_no_input() throws Exception {
        String source = """
                record Address(String city) {}
                record Order(String customer, Optional<Address> to, Map<String, String> more) {}
                @Workflow @AtMost(value = 1, per = "order.customer") @AtMost(value = 2, per = "a.b")
                class Weather {
                    @Task @AtMost(value = 3, per = "order.to.city.any") List<String> read(@Input Order order) { return List.of(); }
                    @Task @AtMost(value = 3, per = "order.more.any") int wide(@Input("a.b") int a, @Input("order") Optional<Order> o) { return a; }
                    @Task @AtMost(value = 4, per = "read") int each(@ForEach("read") String one, @Input("a.b") Integer b) { return b; }
                }
                @Workflow @AtMost(value = 1, per = "anything.at.all")
                class Free { @Task int read(TaskContext context) { return 1; } }
                @Workflow @AtMost(value = 1, per = "schedule") @Scheduled(cron = "0 2 * * *")
                class Nightly {
                    @Task int read(@Input("schedule") String name, @Input("scheduled_at") Instant at, @Input Optional<String> more) { return 1; }
                }
                """;

        assertThat(taskNames(source, "weather.Weather")).containsExactly("read", "wide", "each");
        assertThat(output.resolve("weather/FreeDefinition.class")).exists();
        assertThat(output.resolve("weather/NightlyDefinition.class")).exists();
    }

    @Test
    void a_task_may_run_for_the_elements_of_an_input_that_a_parameter_takes() throws Exception {
        String source = """
                @Workflow class Weather {
                    @Task int count(@Input Optional<List<Long>> days) { return days.map(List::size).orElse(0); }
                    @Task String each(@ForEach("days") long day) { return "" + day; }
                    @Task void all(@From List<String> each) {}
                }
                """;
        Compilation compilation = compile(source);

        assertThat(compilation.problems()).isEmpty();
        WorkflowDefinition workflow = DefinitionTest.define(compilation.classes(), "weather.Weather");
        assertThat(workflow.inputs()).singleElement().satisfies(input -> {
            assertThat(input.key()).isEqualTo("days");
            assertThat(input.type().getTypeName()).isEqualTo("java.util.List<java.lang.Long>");
            assertThat(input.isRequired()).isTrue();
        });
        assertThat(workflow.task("each")).hasValueSatisfying(each -> {
            assertThat(each.dependencies()).isEmpty();
            assertThat(each.reads()).isEmpty();
            assertThat(each.fanOut()).isPresent();
        });
        assertThat(workflow.task("all"))
                .hasValueSatisfying(all -> assertThat(all.dependencies()).containsExactly("each"));
    }

    @Test
    void a_type_that_holds_itself_is_judged_once() throws Exception {
        String source = """
                @Workflow class Weather {
                    record Tree(List<Tree> branches) {}
                    record Growing<T>(Growing<List<T>> next) {}
                    @Task int read(@Input Tree tree, @Input Growing<String> growing) { return 1; }
                }
                """;

        assertThat(taskNames(source, "weather.Weather")).containsExactly("read");
    }

    /** Writes the class {@code weather.Later} in the first round. */
    @SupportedAnnotationTypes("*")
    private static final class LaterProcessor extends AbstractProcessor {
        private boolean written;

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            if (!written) {
                written = true;
                try (Writer writer = processingEnv
                        .getFiler()
                        .createSourceFile("weather.Later")
                        .openWriter()) {
                    writer.write("package weather; record Later(int size) {}");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            return false;
        }
    }

    @Test
    void a_type_may_be_written_by_another_processor() {
        Compilation compilation = Compilation.with(
                List.of(new WorkflowProcessor(), new LaterProcessor()),
                output,
                Compilation.inPackage("@Workflow class Weather { @Task List<Later> read() { return List.of(); } }"));

        assertThat(compilation.problems()).isEmpty();
        assertThat(compilation.has("weather/WeatherDefinition.class")).isTrue();
    }

    @Test
    void a_type_that_nobody_writes_is_reported_by_the_compiler_only() {
        assertThat(compile("@Workflow class Weather { @Task List<Later> read() { return List.of(); } }")
                        .problems())
                .singleElement()
                .asString()
                .contains("cannot find symbol");
    }

    @Test
    void the_compiler_of_the_command_line_finds_the_processor() throws IOException {
        Path source = output.resolve("Weather.java");
        Files.writeString(
                source,
                "import io.cloacina.api.annotation.*;\n@Workflow class Weather { @Task int read() { return 1; } }\n");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String path = System.getProperty("java.class.path");

        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        said,
                        said,
                        "-Xlint:all,-processing,-path",
                        "-Werror",
                        "-cp",
                        path,
                        "-processorpath",
                        path,
                        "-d",
                        output.toString(),
                        source.toString());

        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(code).isZero();
        assertThat(output.resolve("WeatherDefinition.class")).exists();
        assertThat(Files.readString(output.resolve("META-INF/services/io.cloacina.api.WorkflowProvider")))
                .isEqualTo("WeatherDefinition # Weather\n");
    }
}
