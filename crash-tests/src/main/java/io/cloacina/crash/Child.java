package io.cloacina.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.schema.database.DatabaseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that submits and runs workflows until it is killed, or told to end. This class is its main class. */
final class Child {
    /** No more work comes: what is there shall end. */
    static final String DRAIN = "drain";

    /** Ends the process in an orderly way. */
    static final String CLOSE = "close";

    private static final int ORPHANED = 3;
    private static final int SLOTS = 8;
    private static final int MAX_STARTS = 20;
    private static final long RESTART_MILLIS = 500;

    private Child() {}

    /** Reads its order, then what it is told, from its input. Without its parent it ends at once. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Order order = new ObjectMapper().readValue(input.readLine(), Order.class);
        History history = new History(Path.of(order.folder()), order.process());
        TaskBodies bodies = new TaskBodies(order, history);
        Workload workload;
        Engine engine = start(order, history, bodies);
        try (engine) {
            bodies.lookAt(engine);
            workload = new Workload(order, engine, history, bodies.suicide());
            workload.start();
            for (String told = input.readLine(); !CLOSE.equals(told); told = input.readLine()) {
                if (told == null) {
                    Runtime.getRuntime().halt(ORPHANED);
                } else if (told.equals(DRAIN)) {
                    workload.drain();
                }
            }
            workload.stop();
        }
        history.close();
    }

    private static Engine start(Order order, History history, TaskBodies bodies) throws InterruptedException {
        EngineBuilder builder = Engine.builder(order.url())
                .slots(SLOTS)
                .lease(Duration.ofMillis(order.leaseMillis()))
                .pollInterval(Duration.ofMillis(500))
                .grace(Duration.ofSeconds(5))
                .keepForever()
                .listener(event -> note(event, history, bodies.suicide()));
        for (WorkflowDefinition workflow : MixedWorkflows.of(bodies)) {
            builder.workflow(workflow);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return builder.start();
            } catch (DatabaseException e) {
                // A start does not wait for a database that is away: its caller decides.
                if (!e.kind().isRetryable() || attempt == MAX_STARTS) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(RESTART_MILLIS);
            }
        }
    }

    private static void note(EngineEvent event, History history, Suicide suicide) {
        if (event instanceof EngineEvent.TaskStarted) {
            suicide.pass(Point.AFTER_CLAIM);
        } else if (event instanceof EngineEvent.TaskCompleted done) {
            history.write(History.Kind.COMPLETED, done.executionId(), done.taskName(), done.attempt());
            suicide.pass(Point.AFTER_COMMIT);
        } else if (event instanceof EngineEvent.ExecutionEnded ended) {
            history.write(
                    History.Kind.ENDED, ended.executionId(), ended.status().name());
        }
    }

    /** Ends the process at its point. Thread safe. */
    static final class Suicide {
        static final int EXIT_CODE = 99;

        private final @Nullable Point point;
        private int left;

        Suicide(Order order) {
            this.point = order.point();
            this.left = order.passes();
        }

        synchronized void pass(Point passed) {
            if (passed == point && left-- <= 0) {
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        }
    }
}
