package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** What a body or a callback does to its thread is not found by the next one, which may run in the same. */
@Timeout(60)
class ThreadsOfBodiesTest {
    private static final ThreadLocal<String> LEFT_BEHIND = new InheritableThreadLocal<>();

    private final ClassLoader foreign = new URLClassLoader(new URL[0]);
    private final BlockingQueue<State> seen = new LinkedBlockingQueue<>();

    /** Without the number in the name: another thread is as good. */
    private record State(
            String name, int priority, @Nullable ClassLoader loader, boolean handled, boolean interrupted) {
        static State now() {
            Thread thread = Thread.currentThread();
            return new State(
                    thread.getName().replaceAll("[0-9]+$", ""),
                    thread.getPriority(),
                    thread.getContextClassLoader(),
                    thread.getUncaughtExceptionHandler() == HANDLER,
                    thread.isInterrupted());
        }
    }

    @SuppressWarnings("UnnecessaryLambda") // it is told from others by its identity
    private static final Thread.UncaughtExceptionHandler HANDLER = (thread, error) -> {};

    @SuppressWarnings("ThreadPriorityCheck") // it is changed so that it can be put back
    private void disturb() {
        seen.add(State.now());
        Thread thread = Thread.currentThread();
        thread.setName("mine");
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.setContextClassLoader(foreign);
        thread.setUncaughtExceptionHandler(HANDLER);
        LEFT_BEHIND.set("mine");
        thread.interrupt();
    }

    private void assertSeesTheSameEachTime(int times) throws Exception {
        State first = Objects.requireNonNull(seen.poll(30, TimeUnit.SECONDS));
        assertThat(first.interrupted()).isFalse();
        assertThat(first.loader()).isSameAs(Thread.currentThread().getContextClassLoader());
        for (int i = 1; i < times; i++) {
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo(first);
        }
    }

    private void assertBodiesAreUndisturbed(TestDatabase test, boolean isTransactional, TaskBody body)
            throws Exception {
        WorkflowDefinition workflow = WorkflowDefinition.named("one")
                .version("1")
                .task("t", body, task -> {
                    if (isTransactional) {
                        task.transactional();
                    }
                })
                .build();
        try (Engine engine =
                Engine.builder(test.url()).workflow(workflow).slots(1).start()) {
            List<UUID> all = engine.submitAll(
                    List.of(Submission.of("one"), Submission.of("one"), Submission.of("one"), Submission.of("one")));
            for (UUID each : all) {
                assertThat(engine.await(each).isFinished()).isTrue();
            }
            assertSeesTheSameEachTime(4);
        }
    }

    @DatabaseTest
    void the_next_body_finds_name_priority_class_loader_and_interrupt_as_if_it_were_the_first(TestDatabase test)
            throws Exception {
        assertBodiesAreUndisturbed(test, false, context -> disturb());
    }

    @DatabaseTest
    void so_does_the_next_transactional_one(TestDatabase test) throws Exception {
        assertBodiesAreUndisturbed(test, true, context -> disturb());
    }

    @DatabaseTest
    void so_it_does_after_one_that_failed(TestDatabase test) throws Exception {
        assertBodiesAreUndisturbed(test, false, context -> {
            disturb();
            throw new LinkageError("on purpose");
        });
    }

    @DatabaseTest
    void the_next_callback_is_told_in_a_thread_as_it_was(TestDatabase test) throws Exception {
        WorkflowDefinition workflow = WorkflowDefinition.named("one")
                .version("1")
                .task("t", context -> {}, task -> task.onCompleted(done -> disturb()))
                .build();
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            for (int i = 0; i < 4; i++) {
                UUID id = engine.submit("one", Map.of());
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertSeesTheSameEachTime(4);
        }
    }

    @DatabaseTest
    void a_body_inherits_nothing_from_whoever_submits(TestDatabase test) throws Exception {
        BlockingQueue<String> inherited = new LinkedBlockingQueue<>();
        WorkflowDefinition workflow = WorkflowDefinition.named("one")
                .version("1")
                .task("t", context -> inherited.add(String.valueOf(LEFT_BEHIND.get())))
                .build();
        LEFT_BEHIND.set("of who submits");
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            engine.submit("one", Map.of());
            assertThat(inherited.poll(30, TimeUnit.SECONDS)).isEqualTo("null");
        } finally {
            LEFT_BEHIND.remove();
        }
    }
}
