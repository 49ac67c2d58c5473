package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.Context;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Schedule;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** What a body sees has the same class and value in every attempt: what it wrote itself, handed on in memory, and read back. */
@Timeout(120)
class KeptValuesTest {
    /** How a context looks to those who read it. */
    private record View(String json, Map<String, String> untyped, Map<String, @Nullable Object> typed) {
        static View of(Context context, Map<String, ValueSamples.Sample<?>> samples) {
            Map<String, String> untyped = new LinkedHashMap<>();
            Map<String, @Nullable Object> typed = new LinkedHashMap<>();
            samples.forEach((key, sample) -> {
                untyped.put(key, described(context.find(key, Object.class).orElse(null)));
                typed.put(key, context.find(key, sample.type()).orElse(null));
            });
            return new View(context.json(), untyped, typed);
        }
    }

    /** A value with the classes of all that is in it. */
    private static String described(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        String type = value.getClass().getName() + " ";
        if (value instanceof List<?> list) {
            return type + list.stream().map(KeptValuesTest::described).toList();
        }
        if (value instanceof Map<?, ?> map) {
            StringBuilder all = new StringBuilder(type).append('{');
            map.forEach((key, each) ->
                    all.append(key).append('=').append(described(each)).append(", "));
            return all.append('}').toString();
        }
        return type + value;
    }

    /** For a terminal. */
    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value).replaceAll("[^\\x20-\\x7E]", "?");
        return text.substring(0, Math.min(200, text.length()));
    }

    private static Map<String, ValueSamples.Sample<?>> samples(long first, long last) {
        Map<String, ValueSamples.Sample<?>> samples = new LinkedHashMap<>();
        for (long seed = first; seed <= last; seed++) {
            samples.putAll(samples(seed));
        }
        return samples;
    }

    private static Map<String, ValueSamples.Sample<?>> samples(long seed) {
        ValueSamples values = new ValueSamples(seed);
        Map<String, ValueSamples.Sample<?>> samples = new LinkedHashMap<>();
        values.all().forEach(sample -> samples.put(samples.size() + " of seed " + seed, sample));
        for (int i = 0; i < 60; i++) {
            Object any = values.any();
            samples.put(
                    samples.size() + " of seed " + seed,
                    new ValueSamples.Sample<>(any, new TypeOf<Object>() {}, new Object()));
        }
        return samples;
    }

    @DatabaseTest
    void what_a_task_wrote_is_the_same_to_itself_to_the_next_and_to_another_process(TestDatabase database) {
        for (long seed = 1; seed <= 12; seed += 4) {
            Map<String, ValueSamples.Sample<?>> samples = samples(seed, seed + 3);
            List<View> views = views(
                    database,
                    Map.of(),
                    samples,
                    context -> samples.forEach((key, sample) -> context.put(key, sample.given())));
            assertSame(samples, views);
        }
    }

    @DatabaseTest
    void an_input_is_the_same_to_the_first_attempt_and_to_another_process(TestDatabase database) {
        for (long seed = 101; seed <= 106; seed += 3) {
            Map<String, ValueSamples.Sample<?>> samples = samples(seed, seed + 2);
            Map<String, Object> input = new LinkedHashMap<>();
            samples.forEach((key, sample) -> input.put(key, sample.given()));
            assertSame(samples, views(database, input, samples, context -> {}));
        }
    }

    /** Each task sees the value that was given in another way. */
    private static WorkflowDefinition receiving(Map<String, String> seen) {
        return WorkflowDefinition.named("receiving")
                .version("1")
                .task(
                        "element",
                        context -> seen.put("an element", described(context.element(Object.class))),
                        task -> task.forEach("list"))
                .task(
                        "signal",
                        context -> seen.put("a signal", described(context.signal(Object.class))),
                        task -> task.signal("go"))
                .task(
                        "child",
                        context -> context.output(Map.of("v", context.get("v", Object.class))),
                        task -> task.child("child"))
                .build();
    }

    private static WorkflowDefinition seeing(String name, String how, Map<String, String> seen) {
        return WorkflowDefinition.named(name)
                .version("1")
                .task("see", context -> seen.put(how, described(context.get("v", Object.class))))
                .build();
    }

    private static Map<String, Object> values(long seed) {
        Map<String, Object> values = new LinkedHashMap<>();
        samples(seed).forEach((key, sample) -> values.put(key, sample.given()));
        return values;
    }

    @DatabaseTest
    void a_value_is_the_same_as_an_input_a_signal_an_element_and_the_input_of_a_schedule_or_a_child(
            TestDatabase database) {
        for (long seed = 201; seed <= 204; seed++) {
            Map<String, String> seen = new ConcurrentHashMap<>();
            try (TestEngine engine = TestEngine.on(database.url())
                    .workflow(receiving(seen))
                    .workflow(seeing("child", "the input of a child", seen))
                    .workflow(seeing("plain", "an input", seen))
                    .workflow(seeing("timed", "the input of a schedule", seen))
                    .start()) {
                assertThat(
                                engine,
                                engine.run("plain", Map.of("v", values(seed))).id())
                        .isCompleted();
                UUID id = engine.submit("receiving", Map.of("v", values(seed), "list", List.of(values(seed))));
                engine.engine().signal(id, "go", values(seed));
                engine.engine()
                        .schedules()
                        .put(Schedule.of("hourly", "timed").cron("0 * * * *").input(Map.of("v", values(seed))));
                engine.tick();
                assertThat(engine, id).isCompleted();
                engine.advance(Duration.ofHours(1));
                engine.engine().schedules().delete("hourly");
            }
            assertThat(seen).hasSize(5);
            String input = Objects.requireNonNull(seen.get("an input"));
            seen.forEach((how, value) -> assertThat(value.equals(input)).as(how).isTrue());
        }
    }

    /** How it looks in the task that writes it, in its successor, in the second attempt of that elsewhere, and from outside. */
    private static List<View> views(
            TestDatabase database,
            Map<String, ?> input,
            Map<String, ValueSamples.Sample<?>> samples,
            TaskBody writing) {
        List<View> views = new ArrayList<>();
        WorkflowDefinition workflow = WorkflowDefinition.named("kept")
                .version("1")
                .task("write", context -> {
                    writing.run(context);
                    views.add(View.of(context, samples));
                })
                .task(
                        "read",
                        context -> {
                            views.add(View.of(context, samples));
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("once more");
                            }
                        },
                        task -> task.after("write").retry(RetryPolicy.fixed(2, Duration.ofHours(1))))
                .build();
        UUID id;
        try (TestEngine first = TestEngine.on(database.url()).workflow(workflow).start()) {
            id = first.submit("kept", input);
            first.tick();
            assertThat(first, id).hasTask("read").ready().onAttempt(1).because("once more");
        }
        ManualClock later = new ManualClock(ManualClock.DEFAULT_START.plus(Duration.ofHours(2)));
        try (TestEngine second =
                TestEngine.on(database.url()).workflow(workflow).clock(later).start()) {
            second.tick();
            assertThat(second, id).isCompleted();
            views.add(View.of(second.engine().context(id), samples));
        }
        return views;
    }

    private static void assertSame(Map<String, ValueSamples.Sample<?>> samples, List<View> views) {
        View own = views.get(0);
        assertThat(views).hasSize(4);
        for (View other : views) {
            assertThat(other.json()).isEqualTo(own.json());
            samples.forEach((key, sample) -> {
                assertThat(shown(other.untyped().get(key)))
                        .as(key)
                        .isEqualTo(shown(own.untyped().get(key)));
                Object expected = sample.expected().getClass() == Object.class
                        ? own.typed().get(key)
                        : sample.expected();
                assertThat(Objects.deepEquals(other.typed().get(key), expected))
                        .as(
                                "%s: %s as %s was %s",
                                key,
                                shown(sample.given()),
                                sample.type(),
                                shown(other.typed().get(key)))
                        .isTrue();
            });
        }
    }
}
