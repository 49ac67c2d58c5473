package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The file of a running engine is moved away. */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there nobody can move a file that is open")
class MovedFileTest {
    @Test
    void nothing_is_reported_as_stored_while_the_file_is_away_and_work_goes_on_when_it_is_back() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        List<EngineEvent> told = new CopyOnWriteArrayList<>();
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .version("1")
                .task("t", context -> {
                    inside.countDown();
                    EngineParts.await(let);
                    context.put("done", true);
                })
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE);
                Engine engine = Engine.builder(test.url())
                        .workflow(workflow)
                        .lease(Duration.ofSeconds(2))
                        .pollInterval(Duration.ofMillis(200))
                        .listener(told::add)
                        .start()) {
            UUID id = engine.submit("w", Map.of());
            EngineParts.await(inside);
            Path file = Path.of(test.url().substring("sqlite:".length()));
            Path aside = file.resolveSibling("aside.db");

            Files.move(file, aside);
            let.countDown();

            assertThatThrownBy(() -> engine.submit("w", Map.of()))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.DAMAGED))
                    .hasMessageContaining(file + " was deleted or moved while it was open");
            assertThatThrownBy(() -> engine.find(id)).isInstanceOf(DatabaseException.class);
            assertThat(told).noneMatch(event -> event instanceof EngineEvent.ExecutionEnded);
            assertThat(file).doesNotExist();

            Files.move(aside, file);

            assertThat(engine.await(id, Duration.ofSeconds(60)).orElseThrow().status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("done", Boolean.class)).isTrue();
        }
    }
}
