package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the name of a signal is checked keeps no signal from being stored. */
@Timeout(60)
class SignalNamesTest {
    @Test
    void a_signal_is_stored_although_its_connection_was_cut_as_every_change_is() {
        WorkflowDefinition waiting = WorkflowDefinition.named("waiting")
                .version("1")
                .task("t", context -> {}, task -> task.signal("go"))
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url()).workflow(waiting).start()) {
            for (int round = 0; round < 5; round++) {
                UUID id = engine.submit("waiting", Map.of());
                engine.pause(id);
                engine.resume(id);
                EngineParts.count(
                        test,
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname ="
                                + " current_database() AND pid <> pg_backend_pid()");
                engine.signal(id, "go", null);
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }
}
