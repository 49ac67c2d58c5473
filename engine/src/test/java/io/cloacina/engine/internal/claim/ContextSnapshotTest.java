package io.cloacina.engine.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.engine.internal.json.JsonContext;
import org.junit.jupiter.api.Test;

class ContextSnapshotTest {
    private static ObjectNode values(String key) {
        return JsonContext.empty().put(key, 1);
    }

    @Test
    void what_one_task_gets_from_one_task_is_changed_in_place() {
        ContextSnapshot first = new ContextSnapshot(values("a"), 7);

        ContextSnapshot next = first.handOn(values("b"), 7, false);

        assertThat(next.values()).isSameAs(first.values()).hasToString("{\"a\":1,\"b\":1}");
        assertThat(next.size()).isEqualTo(14);
        assertThat(next.handOn(JsonContext.empty(), 0, false)).isSameAs(next);
    }

    @Test
    void what_several_tasks_get_is_never_changed() {
        ContextSnapshot shared = new ContextSnapshot(values("a"), 7).handOn(values("b"), 7, true);

        ContextSnapshot one = shared.handOn(values("c"), 7, false);
        ContextSnapshot other = shared.handOn(values("d"), 7, false);

        assertThat(shared.values()).hasToString("{\"a\":1,\"b\":1}");
        assertThat(one.values()).hasToString("{\"a\":1,\"b\":1,\"c\":1}");
        assertThat(other.values()).hasToString("{\"a\":1,\"b\":1,\"d\":1}");
        assertThat(one.handOn(values("e"), 7, false).values()).isSameAs(one.values());
    }

    @Test
    void what_several_tasks_get_from_one_that_wrote_nothing_is_never_changed() {
        ContextSnapshot shared = new ContextSnapshot(values("a"), 7).handOn(JsonContext.empty(), 0, true);
        ContextSnapshot same = shared.handOn(JsonContext.empty(), 0, false);

        same.handOn(values("b"), 7, false);

        assertThat(shared.values()).hasToString("{\"a\":1}");
    }
}
