package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.FanOut;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.TaskPages;
import io.cloacina.engine.TaskQuery;
import io.cloacina.engine.model.AttemptPage;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.TaskPage;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** The tasks of an execution and their attempts, a page at a time: all of them, each once. */
@Timeout(60)
class TaskPagesTest {
    private static final int ELEMENTS = 23;

    /** One task runs for each element, and each third of these fails twice; one fails for good, one never begins. */
    private static WorkflowDefinition many() {
        return WorkflowDefinition.named("many")
                .task("begin", context -> {})
                .task(
                        "each",
                        context -> {
                            if (context.element(Integer.class) % 3 == 0 && context.attempt() < 3) {
                                throw new IllegalStateException("attempt " + context.attempt());
                            }
                        },
                        task -> task.after("begin").forEach("numbers").retry(RetryPolicy.fixed(3, Duration.ZERO)))
                .task(
                        "fall",
                        context -> {
                            throw new IllegalStateException("fell");
                        },
                        task -> task.after("begin").retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .task("ask", context -> {}, task -> task.after("begin").signal("answer"))
                .task("end", context -> {}, task -> task.after("ask"))
                .build();
    }

    private static UUID run(TestEngine engine) {
        List<Integer> numbers = IntStream.range(0, ELEMENTS).boxed().toList();
        UUID id = engine.engine().submit("many", Map.of("numbers", numbers));
        engine.tick();
        return id;
    }

    private static List<TaskExecution> tasks(Function<TaskQuery, TaskPage> pages, TaskQuery query) {
        List<TaskExecution> all = new ArrayList<>();
        TaskPage page = pages.apply(query);
        all.addAll(page.tasks());
        while (page.next() != null) {
            page = pages.apply(query.after(page.next()));
            all.addAll(page.tasks());
        }
        return all;
    }

    private static List<TaskAttempt> attempts(TaskPages pages, TaskQuery query) {
        List<TaskAttempt> all = new ArrayList<>();
        AttemptPage page = pages.attempts(query);
        all.addAll(page.attempts());
        while (page.next() != null) {
            page = pages.attempts(query.after(page.next()));
            all.addAll(page.attempts());
        }
        return all;
    }

    @DatabaseTest
    void the_pages_together_have_each_task_and_each_attempt_once_and_in_order(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).workflow(many()).start()) {
            UUID id = run(engine);
            TaskPages pages = engine.engine().taskPages();
            List<TaskExecution> tasks = engine.engine().tasks(id);
            List<TaskAttempt> attempts = engine.engine().attempts(id);
            List<TaskExecution> begun = tasks.stream()
                    .filter(task -> task.startedAt() != null)
                    .sorted(Comparator.comparing((TaskExecution task) -> Objects.requireNonNull(task.startedAt())))
                    .toList();
            assertThat(tasks).hasSize(ELEMENTS + 5);
            assertThat(attempts).hasSizeGreaterThan(ELEMENTS + 2 * (ELEMENTS / 3));
            assertThat(begun).hasSizeLessThan(tasks.size());

            for (int limit : new int[] {1, 2, 7, 1_000}) {
                TaskQuery query = TaskQuery.of(id).limit(limit);
                assertThat(pages.list(query).tasks()).hasSize(Math.min(limit, tasks.size()));
                assertThat(tasks(pages::list, query)).isEqualTo(tasks);
                assertThat(tasks(pages::begun, query)).isEqualTo(begun);
                assertThat(attempts(pages, query)).isEqualTo(attempts);
                assertThat(pages.attempts(query).attempts()).hasSizeLessThanOrEqualTo(limit);
                List<TaskStatus> some = List.of(TaskStatus.FAILED, TaskStatus.COMPLETED);
                assertThat(tasks(pages::list, query.statuses(some)))
                        .isEqualTo(engine.engine().tasks(id, some));
                assertThat(attempts(pages, query.name("fall")))
                        .isEqualTo(attempts.stream()
                                .filter(attempt -> attempt.taskName().equals("fall"))
                                .toList())
                        .hasSize(2);
                assertThat(tasks(pages::list, query.name("each[3]")))
                        .extracting(TaskExecution::name)
                        .containsExactly("each[3]");
            }
        }
    }

    @DatabaseTest
    void it_counts_by_state_and_tells_the_tasks_of_the_definition(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).workflow(many()).start()) {
            UUID id = run(engine);
            TaskPages pages = engine.engine().taskPages();
            Map<TaskStatus, Long> counted = engine.engine().tasks(id).stream()
                    .collect(Collectors.groupingBy(TaskExecution::status, Collectors.counting()));

            assertThat(pages.counts(id)).isEqualTo(counted).hasSizeGreaterThan(3);
            assertThat(pages.ofDefinition(id))
                    .extracting(TaskExecution::name)
                    .containsExactly("begin", "each", "fall", "ask", "end")
                    .noneMatch(name -> !FanOut.taskOf(name).equals(name));
            assertThat(pages.ofDefinition(id).get(4).dependencies()).containsExactly("ask");
            assertThat(pages.ofDefinition(id).get(2).error()).isNull();
        }
    }

    @DatabaseTest
    void what_there_is_not_is_refused(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).workflow(many()).start()) {
            UUID id = run(engine);
            TaskPages pages = engine.engine().taskPages();
            UUID unknown = UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057");
            TaskQuery query = TaskQuery.of(unknown);
            assertThatThrownBy(() -> pages.list(query)).isInstanceOf(UnknownExecutionException.class);
            assertThatThrownBy(() -> pages.begun(query)).isInstanceOf(UnknownExecutionException.class);
            assertThatThrownBy(() -> pages.attempts(query)).isInstanceOf(UnknownExecutionException.class);
            assertThatThrownBy(() -> pages.counts(unknown)).isInstanceOf(UnknownExecutionException.class);
            assertThatThrownBy(() -> pages.ofDefinition(unknown)).isInstanceOf(UnknownExecutionException.class);
            assertThat(pages.list(TaskQuery.of(id).name("none")).tasks()).isEmpty();
            assertThat(pages.attempts(TaskQuery.of(id).name("none")).attempts()).isEmpty();
            for (String wrong : List.of("", "7", unknown + "_", "2026-13-01T00:00:00.000000Z_" + unknown)) {
                assertThatThrownBy(() -> TaskQuery.of(id).after(wrong))
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("INVALID_QUERY"));
            }
        }
    }
}
