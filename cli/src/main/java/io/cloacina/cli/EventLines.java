package io.cloacina.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.cli.view.Format;
import io.cloacina.cli.view.Reasons;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.StoredEvent;
import io.cloacina.server.json.Json;
import io.cloacina.server.json.JsonOf;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Prints events, a line for each: what a runner has committed (how executions ended, and what happened to tasks if wanted), or
 * what all processes have stored.
 */
final class EventLines implements EngineListener {
    private static final int WORD_WIDTH = 9;

    private final Output output;
    private final boolean saysTasks;

    EventLines(Output output, boolean saysTasks) {
        this.output = output;
        this.saysTasks = saysTasks;
    }

    /** An event in words: what happened, to which task if to one, and why or how. */
    private record Said(String word, @Nullable String task, int attempt, String detail) {}

    @Override
    public void on(EngineEvent event) {
        Said said = said(event);
        if (said == null || (said.task() != null && !saysTasks)) {
            return;
        }
        if (output.isJson()) {
            output.jsonLine(json(event, said));
        } else {
            Instant at = output.times().clock().instant();
            output.line(line(at, event.executionId(), event.workflow(), said));
            output.flush();
        }
    }

    /** One of all processes, as rows tell it. */
    void print(StoredEvent event) {
        if (output.isJson()) {
            output.jsonLine(JsonOf.event(event));
        } else {
            output.line(line(event.at(), event.executionId(), event.workflow(), said(event)));
        }
    }

    private static Said said(StoredEvent event) {
        if (event instanceof StoredEvent.TaskEnded task) {
            return new Said(task.status().label().toLowerCase(Locale.ROOT), task.taskName(), task.attempt(), "");
        }
        return event instanceof StoredEvent.ExecutionEnded ended
                ? new Said(ended.status().label(), null, 0, "")
                : new Said("submitted", null, 0, "");
    }

    private static @Nullable Said said(EngineEvent event) {
        if (event instanceof EngineEvent.ExecutionEnded ended) {
            return new Said(ended.status().label(), null, 0, "");
        } else if (event instanceof EngineEvent.TaskStarted task) {
            return new Said("started", task.taskName(), task.attempt(), "");
        } else if (event instanceof EngineEvent.TaskCompleted task) {
            return new Said("completed", task.taskName(), task.attempt(), "");
        } else if (event instanceof EngineEvent.TaskFailed task) {
            return new Said("failed", task.taskName(), task.attempt(), reason(task.error()));
        } else if (event instanceof EngineEvent.TaskRetried task) {
            return new Said("again", task.taskName(), task.attempt(), reason(task.error()));
        } else if (event instanceof EngineEvent.TaskSkipped task) {
            return new Said("skipped", task.taskName(), 0, Reasons.firstLine(task.reason()));
        } else if (event instanceof EngineEvent.TaskWaiting task) {
            String what = task.waitsFor().label().toLowerCase(Locale.ROOT);
            return new Said("waiting", task.taskName(), 0, "for " + (what.equals("time") ? "a time" : what));
        } else if (event instanceof EngineEvent.TaskRecovered task) {
            return new Said("recovered", task.taskName(), 0, "");
        }
        return null;
    }

    private static String reason(Throwable error) {
        String message = error.getMessage();
        return Reasons.firstLine(message == null ? error.toString() : message);
    }

    private String line(Instant when, UUID execution, String workflow, Said said) {
        String word =
                said.word() + " ".repeat(Math.max(0, WORD_WIDTH - said.word().length()));
        boolean isEnd = said.task() == null;
        String at = output.times().full(when);
        String rest = "  " + output.id(execution)
                + "  " + Format.printable(workflow)
                + (isEnd ? "" : "/" + Format.printable(String.valueOf(said.task())))
                + (said.attempt() > 1 ? ", attempt " + said.attempt() : "")
                + (said.detail().isEmpty() ? "" : ": " + said.detail());
        int left = output.screen().width() - at.length() - 2 - word.length();
        return at + "  " + (isEnd ? output.style().state(said.word(), word) : word) + Format.cutBehind(rest, left);
    }

    private ObjectNode json(EngineEvent event, Said said) {
        ObjectNode node = Json.fields()
                .put("at", JsonOf.text(output.times().clock().instant()))
                .put("execution", event.executionId().toString())
                .put("workflow", event.workflow());
        if (said.task() == null) {
            return node.put("event", "execution_ended").put("status", said.word());
        }
        node.put("event", "task_" + said.word()).put("task", said.task());
        if (said.attempt() > 0) {
            node.put("attempt", said.attempt());
        }
        return said.detail().isEmpty() ? node : node.put("detail", said.detail());
    }
}
