package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BulkDeletionTest {
    /** A trigger stands for another process, which deletes the others when the first one is deleted. */
    @DatabaseTest
    void executions_that_another_process_deletes_in_between_are_counted_as_skipped(TestDatabase test) {
        WorkflowDefinition workflow =
                WorkflowDefinition.named("w").task("t", context -> {}).build();
        Submission submission = Submission.of("w");
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            engine.submitAll(List.of(submission, submission, submission)).forEach(engine::await);
            if (test.backend() == Backend.POSTGRES) {
                EngineParts.execute(
                        test,
                        "CREATE FUNCTION others() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN DELETE FROM pipeline_executions; RETURN NULL; END'");
                EngineParts.execute(
                        test,
                        "CREATE TRIGGER others AFTER DELETE ON pipeline_executions"
                                + " FOR EACH ROW EXECUTE FUNCTION others()");
            } else {
                EngineParts.execute(
                        test,
                        "CREATE TRIGGER others AFTER DELETE ON pipeline_executions"
                                + " BEGIN DELETE FROM pipeline_executions; END");
            }
            UUID id = engine.operations().start(ExecutionQuery.all(), BulkAction.delete());
            EngineParts.until("the operation has ended", () -> ended(engine, id).endedAt() != null);

            BulkOperation ended = ended(engine, id);
            assertThat(List.of(ended.done(), ended.skipped(), ended.failed())).containsExactly(1, 2, 0);
            assertThat(ended.firstSkipped()).startsWith("there is no execution ");
            assertThat(engine.list(ExecutionQuery.all())).isEmpty();
        }
    }

    private static BulkOperation ended(Engine engine, UUID operation) {
        return engine.operations().find(operation).orElseThrow();
    }
}
