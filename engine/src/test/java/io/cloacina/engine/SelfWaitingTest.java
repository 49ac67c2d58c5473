package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.Limit;
import io.cloacina.api.WorkflowDefinition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SelfWaitingTest {
    private static WorkflowDefinition.Builder handing(String name, String child) {
        return WorkflowDefinition.named(name).version("1").task("t", context -> {}, task -> task.child(child));
    }

    private static EngineBuilder engine(Limit limit) {
        return Engine.builder("sqlite::memory:")
                .workflow(handing("a", "b").limit(limit).build())
                .workflow(handing("b", "c").build())
                .workflow(handing("c", "a").build());
    }

    @Test
    void a_workflow_that_would_wait_for_itself_through_others_is_refused() {
        assertThatThrownBy(engine(Limit.atMost(1))::start)
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_WORKFLOW"))
                .hasMessageContaining("workflow 'a' submits itself through its children")
                .hasMessageContaining("'at once 1'");
    }

    @Test
    void a_task_that_would_wait_for_itself_through_the_children_of_its_child_is_refused() {
        assertThatThrownBy(() -> limitedTask(Limit.atMost(1)).start())
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_WORKFLOW"))
                .hasMessageContaining("task 't' of workflow 'a' submits its own workflow through its child")
                .hasMessageContaining("'at once 1'");
    }

    @Test
    void a_limited_task_of_a_workflow_that_only_another_task_leads_back_to_is_not_refused() {
        Engine.builder("sqlite::memory:")
                .workflow(handing("a", "b")
                        .task(
                                "limited",
                                context -> {},
                                task -> task.child("leaf").limit(Limit.atMost(1)))
                        .task("before", context -> {}, task -> task.limit(Limit.atMost(1)))
                        .build())
                .workflow(handing("b", "a").build())
                .workflow(WorkflowDefinition.named("leaf")
                        .task("t", context -> {})
                        .build())
                .start()
                .close();
    }

    @Test
    void a_task_that_may_have_room_is_told_in_the_log_alone() {
        limitedTask(Limit.atMost(2)).start().close();
        limitedTask(Limit.atMost(1).per("key")).start().close();
        limitedTask(Limit.starts(1, Duration.ofHours(1))).start().close();
    }

    private static EngineBuilder limitedTask(Limit limit) {
        return Engine.builder("sqlite::memory:")
                .workflow(WorkflowDefinition.named("a")
                        .task("t", context -> {}, task -> task.child("b").limit(limit))
                        .build())
                .workflow(handing("b", "a").build());
    }

    @Test
    void one_that_may_have_room_is_told_in_the_log_alone() {
        engine(Limit.atMost(2)).start().close();
        engine(Limit.atMost(1).per("key")).start().close();
    }

    @Test
    void others_in_the_circle_without_a_limit_are_not_refused() {
        Engine.builder("sqlite::memory:")
                .workflow(handing("a", "b").build())
                .workflow(handing("b", "a").build())
                .workflow(WorkflowDefinition.named("limited")
                        .version("1")
                        .limit(Limit.atMost(1))
                        .task("t", context -> {}, task -> task.child("a"))
                        .build())
                .start()
                .close();
    }
}
