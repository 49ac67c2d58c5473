package io.cloacina.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AwaitByHandTest {
    @DatabaseTest
    void waiting_for_an_engine_that_nobody_turns_is_refused_instead_of_waiting_for_ever(TestDatabase database) {
        WorkflowDefinition one =
                WorkflowDefinition.named("one").task("t", context -> {}).build();
        try (TestEngine turned = TestEngine.on(database.url()).workflow(one).start()) {
            UUID id = turned.engine().submit("one", Map.of());
            assertThat(turned.engine().await(id, Duration.ofMillis(1))).isEmpty();
            assertThatThrownBy(() -> turned.engine().await(id))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("MANUAL_ENGINE"))
                    .hasMessageContaining("call tick() first");

            turned.tick();

            assertThat(turned.engine().await(id).isFinished()).isTrue();
        }
    }
}
