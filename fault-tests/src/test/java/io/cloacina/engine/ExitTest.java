package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/** A program whose shutdown hook closes its engine ends, whoever ends it. */
@Timeout(120)
class ExitTest {
    private static final int CODE = 3;

    /** Ends the program in a body, a callback or a listener. */
    static final class Exiting {
        private Exiting() {}

        public static void main(String[] arguments) {
            String where = arguments[1];
            EngineBuilder builder = Engine.builder(arguments[0]).workflow(workflow(where));
            if (where.equals("listener")) {
                builder.listener(event -> {
                    if (event instanceof EngineEvent.ExecutionEnded) {
                        System.exit(CODE);
                    }
                });
            }
            Engine engine = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(engine::close));
            System.out.println("submitted " + engine.submit("one", Map.of()));
            EngineParts.awaitForEver(new CountDownLatch(1));
        }

        private static WorkflowDefinition workflow(String where) {
            TaskBody exit = context -> System.exit(CODE);
            return WorkflowDefinition.named("one")
                    .version("1")
                    .task("t", where.equals("body") || where.equals("transaction") ? exit : context -> {}, task -> {
                        if (where.equals("transaction")) {
                            task.transactional();
                        }
                        if (where.equals("callback")) {
                            task.onCompleted(done -> System.exit(CODE));
                        }
                    })
                    .build();
        }
    }

    private static UUID exitedIn(String where, TestDatabase test) {
        test.migrated();
        try (Child child = Child.start(Exiting.class, test.url(), where)) {
            String id = child.said("submitted");
            assertThat(child.exitCode()).as("exit in a %s", where).isEqualTo(CODE);
            return UUID.fromString(id);
        }
    }

    private static void assertEnds(TestDatabase test, UUID id) {
        // It has said that it is gone.
        assertThat(EngineParts.count(test, "SELECT count(*) FROM runners")).isZero();
        WorkflowDefinition workflow = WorkflowDefinition.named("one")
                .version("1")
                .task("t", context -> {})
                .build();
        try (Engine next = Engine.builder(test.url()).workflow(workflow).start()) {
            assertThat(next.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void a_body_that_ends_the_program_is_given_back(TestDatabase test) {
        assertEnds(test, exitedIn("body", test));
    }

    @DatabaseTest
    void a_transactional_body_that_ends_the_program_is_rolled_back_and_given_back(TestDatabase test) {
        assertEnds(test, exitedIn("transaction", test));
    }

    @DatabaseTest
    void a_callback_may_end_the_program(TestDatabase test) {
        assertEnds(test, exitedIn("callback", test));
    }

    @DatabaseTest
    void a_listener_may_end_the_program(TestDatabase test) {
        assertEnds(test, exitedIn("listener", test));
    }
}
