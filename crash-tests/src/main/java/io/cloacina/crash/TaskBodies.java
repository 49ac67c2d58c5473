package io.cloacina.crash;

import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.DatabaseException;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The bodies of the tasks: they note that they run, look whether they may, do something and write who did it. */
final class TaskBodies implements MixedWorkflows.Bodies {
    private static final long TOO_LONG_MILLIS = 5_000;
    private static final int LONGEST_LIST = 13;

    private final History history;
    private final Child.Suicide suicide;
    private final int process;
    private final Map<String, Set<String>> dependencies = new HashMap<>();
    private final CompletableFuture<Engine> engine = new CompletableFuture<>();

    TaskBodies(Order order, History history) {
        this.history = history;
        this.suicide = new Child.Suicide(order);
        this.process = order.process();
        for (WorkflowDefinition workflow : MixedWorkflows.of((context, work) -> {})) {
            workflow.tasks()
                    .forEach(task ->
                            dependencies.put(workflow.name() + "/" + task.name(), Set.copyOf(task.dependencies())));
        }
    }

    Child.Suicide suicide() {
        return suicide;
    }

    /** From now on bodies can ask the engine. */
    void lookAt(Engine started) {
        engine.complete(started);
    }

    @Override
    public void run(TaskContext context, MixedWorkflows.Work work) throws Exception {
        history.write(History.Kind.STARTED, context.executionId(), context.taskName(), context.attempt());
        suicide.pass(Point.IN_BODY);
        // A transactional body holds a connection and looks at its own transaction: it would need a second one.
        if (work != MixedWorkflows.Work.EFFECT && work != MixedWorkflows.Work.LOSING_EFFECT) {
            lookAtDependencies(context);
        }
        try {
            work(context, work);
        } finally {
            history.write(History.Kind.RETURNED, context.executionId(), context.taskName(), context.attempt());
        }
        suicide.pass(Point.BEFORE_COMMIT);
    }

    private void work(TaskContext context, MixedWorkflows.Work work) throws Exception {
        int chance = Objects.hash(context.executionId(), context.taskName(), context.attempt()) & 0xff;
        switch (work) {
            case PLAIN -> {
                if (chance < 32) {
                    TimeUnit.MILLISECONDS.sleep(chance);
                }
            }
            case FLAKY -> failIf(chance < 128);
            case SLOW -> {
                if (chance < 128) {
                    TimeUnit.MILLISECONDS.sleep(TOO_LONG_MILLIS);
                }
            }
            case EFFECT -> {
                Application.insertEffect(
                        context.connection(),
                        new Application.Effect(context.executionId(), context.taskName(), context.attempt()));
                failIf(chance < 32);
            }
            case LOSING_EFFECT -> {
                Application.insertEffect(
                        context.connection(),
                        new Application.Effect(context.executionId(), context.taskName(), context.attempt()));
                if (chance < 128) {
                    Application.loseConnection(context.connection());
                }
            }
            case SCHEDULE ->
                context.put("until", Instant.now().plusMillis(chance).toString());
            case SIGNALLED -> {
                lookAtSignal(context);
                failIf(chance < 64);
            }
            case LIST ->
                context.put(
                        "list",
                        IntStream.range(0, chance % LONGEST_LIST).boxed().toList());
            case ELEMENT -> {
                TimeUnit.MILLISECONDS.sleep(chance / 16);
                failIf(chance < 48);
                context.output(Map.of("element", context.element(Integer.class), "by", by(context)));
                return;
            }
            case DELEGATE -> {
                // One for each attempt: two would be seen.
                context.output(
                        Map.of("token", context.executionId() + "/" + context.taskName() + "/" + context.attempt()));
                return;
            }
            case LASTING -> TimeUnit.MILLISECONDS.sleep(chance / 4);
        }
        context.put(context.taskName(), by(context));
        context.put("n", context.find("n", Integer.class).orElse(0) + 1);
    }

    private String by(TaskContext context) {
        return process + "/" + context.attempt();
    }

    /** What is sent to an execution is its own id. */
    private void lookAtSignal(TaskContext context) {
        String sent = context.findSignal(String.class).orElse(null);
        boolean isNeeded = !context.taskName().equals("lenient");
        if (sent == null ? isNeeded : !sent.equals(context.executionId().toString())) {
            history.write(
                    History.Kind.PROBLEM,
                    "task '" + context.taskName() + "' of " + context.executionId() + " got the signal " + sent);
        }
    }

    private static void failIf(boolean fails) throws IOException {
        if (fails) {
            throw new IOException("fails, as it sometimes does");
        }
    }

    /** With a look of its own at the committed state: all that the task depends on must have ended. */
    private void lookAtDependencies(TaskContext context) {
        Set<String> before = dependencies.getOrDefault(context.workflow() + "/" + context.taskName(), Set.of());
        @Nullable Engine present = engine.getNow(null);
        if (before.isEmpty() || present == null) {
            return;
        }
        List<TaskExecution> tasks;
        try {
            tasks = present.tasks(context.executionId());
        } catch (DatabaseException e) { // away or closed: another attempt will look
            return;
        }
        tasks.stream()
                .filter(task -> before.contains(task.name()) && !task.isFinished())
                .forEach(task -> history.write(
                        History.Kind.TOO_EARLY,
                        context.executionId(),
                        context.taskName(),
                        task.name(),
                        task.status().name()));
    }
}
