package io.cloacina.cli;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which executions a command is about: those that fulfil all that is given. */
final class SearchOptions {
    @Option(names = "--workflow", paramLabel = "NAME", description = "Only executions of this workflow.")
    private @Nullable String workflow;

    @Option(names = "--version", paramLabel = "VERSION", description = "Only those of this version of a workflow.")
    private @Nullable String version;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            split = ",",
            converter = Values.Statuses.class,
            description = {
                "Only in this state: pending, running, completed,",
                "failed, cancelled or paused; or several: a,b."
            })
    private final List<ExecutionStatus> statuses = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Values.PastInstants.class,
            description = {
                "Only those submitted since then: 2h or 3d ago, 02:00",
                "(the last one), 2026-03-01 or 2026-03-01T17:05."
            })
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = Values.PastInstants.class,
            description = "Only those submitted before then.")
    private @Nullable Instant until;

    @Option(
            names = "--label",
            paramLabel = "NAME=VALUE",
            converter = Values.Labels.class,
            description = "Only with this label; may be given up to 4 times.")
    private final List<Values.Label> labels = new ArrayList<>();

    @Option(names = "--key", paramLabel = "KEY", description = "Only with this idempotency key.")
    private @Nullable String key;

    @Option(
            names = "--error",
            paramLabel = "TEXT",
            description = {
                "Only with this text in an error, such as the name",
                "of a class; upper and lower case differ."
            })
    private @Nullable String error;

    @Option(
            names = "--task",
            paramLabel = "NAME[:STATE]",
            converter = Values.TaskStates.class,
            description = "Only with this task, in this state: ship:failed.")
    private Values.@Nullable TaskState task;

    @Option(names = "--parent", paramLabel = "ID", description = "Only the children of that execution.")
    private @Nullable String parent;

    @Option(names = "--schedule", paramLabel = "NAME", description = "Only those that this schedule submitted.")
    private @Nullable String schedule;

    @Nullable
    String workflow() {
        return workflow;
    }

    /** Whether there is a condition. */
    boolean isGiven() {
        return !statuses.isEmpty()
                || !labels.isEmpty()
                || Stream.of(workflow, version, since, until, key, error, task, parent, schedule)
                        .anyMatch(Objects::nonNull);
    }

    /** Says which of the names that were given nothing has: for a search that found nothing. */
    void remarkUnknown(Engine engine, Output output) {
        UnknownNames.of(engine, workflow, version, task == null ? null : task.name(), schedule)
                .forEach(output::remark);
    }

    /** The same query with all that was given. */
    ExecutionQuery addTo(ExecutionQuery given, Engine engine) {
        ExecutionQuery query = given.statuses(statuses);
        query = workflow == null ? query : query.workflow(workflow);
        query = version == null ? query : query.version(version);
        query = since == null ? query : query.since(since);
        query = until == null ? query : query.until(until);
        for (Values.Label label : labels) {
            query = query.label(label.name(), label.value());
        }
        query = key == null ? query : query.idempotencyKey(key);
        query = error == null ? query : query.error(error);
        if (task != null) {
            query = query.task(task.name(), task.status() == null ? List.of() : List.of(task.status()));
        }
        query = parent == null
                ? query
                : query.parent(new ExecutionIds(engine).find(parent).id());
        return schedule == null ? query : query.schedule(schedule);
    }
}
