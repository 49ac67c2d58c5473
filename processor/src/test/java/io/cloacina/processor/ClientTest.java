package io.cloacina.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.Context;
import io.cloacina.engine.WorkflowClient;
import io.cloacina.engine.model.Submission;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The typed client that is generated for a workflow. */
class ClientTest {
    private static final UUID ID = new UUID(0, 7);

    @TempDir
    Path output;

    private final List<String> calls = new ArrayList<>();

    private static String resource(String name) throws IOException {
        try (InputStream file = Objects.requireNonNull(ClientTest.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Compilation compile(String source) {
        Compilation compilation = Compilation.of(output, Compilation.inPackage(source));
        assertThat(compilation.problems()).isEmpty();
        return compilation;
    }

    /** An engine that tells what it is asked. */
    private WorkflowClient engine() {
        return (WorkflowClient) Proxy.newProxyInstance(
                WorkflowClient.class.getClassLoader(),
                new Class<?>[] {WorkflowClient.class},
                (proxy, method, asked) -> {
                    switch (method.getName()) {
                        case "submit" -> {
                            Submission submission = (Submission) asked[0];
                            calls.add(submission.workflow() + " " + new TreeMap<>(submission.input()));
                            return ID;
                        }
                        case "context" -> {
                            Context context =
                                    new StoredContext().with("approve it", "me").with("confirm", 5);
                            return context;
                        }
                        default -> {
                            calls.add(method.getName() + " " + Arrays.toString(asked));
                            return null;
                        }
                    }
                });
    }

    private static Object call(Class<?> client, String name, Object... arguments) throws ReflectiveOperationException {
        Method method = Arrays.stream(client.getDeclaredMethods())
                .filter(each -> each.getName().equals(name) && each.getParameterCount() == arguments.length)
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(name));
        method.setAccessible(true);
        return method.invoke(null, arguments);
    }

    private static List<String> methods(Class<?> client) {
        return Arrays.stream(client.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(method -> method.getName() + method.getParameterCount())
                .sorted()
                .toList();
    }

    @Test
    void the_source_is_as_it_was_read() throws IOException {
        Compilation compilation = Compilation.of(output, resource("SeattleWeather.txt"));

        assertThat(compilation.problems()).isEmpty();
        assertThat(String.join("\n", compilation.lines("weather/SeattleWeatherClient.java")) + "\n")
                .isEqualTo(resource("SeattleWeatherClient.txt"));
    }

    @Test
    void it_calls_the_engine_with_what_it_is_given() throws Exception {
        Class<?> client = Compilation.of(output, resource("SeattleWeather.txt"))
                .classes()
                .loadClass("weather.SeattleWeatherClient");

        assertThat(call(client, "submit", engine(), Path.of("a.csv"), 2, "Seattle", Optional.empty()))
                .isEqualTo(ID);
        call(client, "submit", engine(), Path.of("a.csv"), 2, "Seattle", Optional.of("x"));
        call(client, "approval", engine(), ID, "me");
        call(client, "code", engine(), ID, 5, "mail-17");
        assertThat(calls)
                .containsExactly(
                        "seattle-weather {city=Seattle, csv=a.csv, first=2}",
                        "seattle-weather {city=Seattle, csv=a.csv, first=2, hint=x}",
                        "signal [" + ID + ", approval, me]",
                        "signal [" + ID + ", code, 5, mail-17]");
        assertThat(call(client, "resultOfApproveIt", engine(), ID)).isEqualTo(Optional.of("me"));
        assertThat(call(client, "resultOfConfirm", engine(), ID)).isEqualTo(Optional.of(5));
        assertThat(call(client, "resultOfDue", engine(), ID)).isEqualTo(Optional.empty());
        assertThat(call(client, "submission", Path.of("a.csv"), 2, "Seattle", Optional.empty()))
                .isInstanceOfSatisfying(
                        Submission.class,
                        submission -> assertThat(submission.input())
                                .isEqualTo(Map.of("csv", Path.of("a.csv"), "first", 2, "city", "Seattle")));
    }

    @Test
    void names_that_collide_or_are_no_java_names_get_others() throws Exception {
        String source = """
                public class Outer {
                    @Workflow(name = "a */ {@link x} \\\\u0041") public static class Inner {
                        private record Hidden(int a) {}
                        @Task int a(@Input int engine, @Input("class") int b, @Input("order id") int c, @Input("order-id") int d) { return 1; }
                        @Task(name = "é-1") Optional<String> e(@Input Optional<Integer> input, @Input int value) { return Optional.empty(); }
                        @Task(name = "É 1") int f(@Signal("submit") int engine) { return 1; }
                        @Task Hidden g(@Signal("7") List<int[]> seven) { return new Hidden(1); }
                        @Task int h(@Signal("submit") String execution) { return 1; }
                        @Task int i(@Signal("submit") String again) { return 1; }
                        @Task @Child("b") Map<String, String> j(@Signal("default") boolean yes) { return Map.of(); }
                        @Task void k(@Signal("result of a") boolean yes) {}
                    }
                }
                """;
        Class<?> client = compile(source).classes().loadClass("weather.Outer_InnerClient");

        assertThat(Modifier.isPublic(client.getModifiers())).isTrue();
        assertThat(methods(client))
                .containsExactly(
                        "defaultSignal3",
                        "defaultSignal4",
                        "resultOfA3",
                        "resultOfA4",
                        "resultOfATask2",
                        "resultOfH2",
                        "resultOfI2",
                        "resultOfÉ12",
                        "resultOfÉ1Task2",
                        "signal73",
                        "signal74",
                        "submission6",
                        "submit7",
                        "submitSignal23",
                        "submitSignal24",
                        "submitSignal3",
                        "submitSignal4");
    }

    @Test
    void a_workflow_without_input_is_submitted_without() throws Exception {
        Class<?> client = compile("@Workflow class Submission { @Task int read() { return 1; } }")
                .classes()
                .loadClass("weather.SubmissionClient");

        assertThat(call(client, "submit", engine())).isEqualTo(ID);
        assertThat(calls).containsExactly("submission {}");
    }

    @Test
    void without_the_engine_there_is_none() {
        Compilation compilation = Compilation.withoutEngine(
                output, Compilation.inPackage("@Workflow class Rain { @Task int read() { return 1; } }"));

        assertThat(compilation.problems()).isEmpty();
        assertThat(compilation.has("weather/RainDefinition.java")).isTrue();
        assertThat(compilation.has("weather/RainClient.java")).isFalse();
    }

    @Test
    void a_class_of_that_name_is_kept_and_a_warning_says_so() {
        String rain = "@Workflow class Rain { @Task int read() { return 1; } }";
        String warning =
                "2: the typed client of Rain is not generated, because there is another class weather.RainClient;"
                        + " rename one of the two classes to get the client";

        assertThat(Compilation.warning(
                                output,
                                Compilation.inPackage(rain + "\nclass RainClient { int submission() { return 1; } }"))
                        .problems())
                .containsExactly(warning);
        assertThat(Compilation.warning(output, Compilation.inPackage(rain + "\nclass RainClient {}"))
                        .problems())
                .containsExactly(warning);
        // The class is on the class path now.
        assertThat(Compilation.warning(output, Compilation.inPackage(rain)).problems())
                .containsExactly(warning);
    }

    @Test
    void a_client_is_written_again() {
        String rain = "@Workflow class Rain { @Task int read() { return 1; } }";
        compile(rain);

        assertThat(Compilation.warning(output, Compilation.inPackage(rain)).problems())
                .isEmpty();
    }
}
