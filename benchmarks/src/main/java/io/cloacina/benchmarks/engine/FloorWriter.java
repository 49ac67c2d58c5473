package io.cloacina.benchmarks.engine;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.benchmarks.engine.FloorStep.Form;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.Codec;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes groups of executions through one connection with statements that are prepared once: a group from its submission to
 * its end in one transaction, level by level. No engine could do so; it is what writing these rows costs at least.
 */
final class FloorWriter implements AutoCloseable {
    private static final String RULE = "'{\"type\":\"DependenciesCompleted\"}'";

    private final Connection connection;
    private final WorkflowDefinition workflow;
    private final List<List<TaskDefinition>> levels;
    private final UniversalUuid runner = UniversalUuid.v7();

    private final FloorStep insertContext;
    private final FloorStep insertExecution;
    private final FloorStep insertTask;
    private final FloorStep claim;
    private final FloorStep start;
    private final FloorStep finish;
    private final FloorStep insertOutput;
    private final FloorStep countDown;
    private final FloorStep makeReady;
    private final FloorStep complete;

    FloorWriter(Connection connection, Form form, Shape shape) throws SQLException {
        this.connection = connection;
        this.workflow = shape.definition(context -> {});
        this.levels = workflow.levels().stream()
                .map(names -> names.stream()
                        .map(name -> workflow.task(name).orElseThrow())
                        .toList())
                .toList();
        registerRunner(form == Form.LOOP ? Backend.SQLITE : Backend.POSTGRES);
        connection.setAutoCommit(false);
        String no = form == Form.LOOP ? "0" : "false";
        insertContext = insert(
                form,
                "contexts (id, value, created_at, updated_at)",
                "$1, '{\"number\":42}', $2, $2",
                "uuid",
                "timestamp");
        insertExecution = insert(
                form,
                "pipeline_executions (id, pipeline_name, pipeline_version, status, context_id, recovery_attempts,"
                        + " leaves_remaining, tasks_failed, priority, origin, created_at, updated_at)",
                "$1, $2, $3, 'Pending', $4, 0, 1, 0, 0, 'submit', $5, $5",
                "uuid",
                "text",
                "text",
                "uuid",
                "timestamp");
        insertTask = insert(
                form,
                "task_executions (id, pipeline_execution_id, pipeline_name, pipeline_version, task_name, status,"
                        + " dependencies_remaining, dependencies_unmet, attempt, max_attempts, recovery_attempts, priority,"
                        + " trigger_rules, task_configuration, paused, children_remaining, created_at, updated_at)",
                "$1, $2, $3, $4, $5, $6, $7, 0, 0, 1, 0, 0, " + RULE + ", '{}', " + no + ", 0, $8, $8",
                "uuid",
                "uuid",
                "text",
                "text",
                "text",
                "text",
                "integer",
                "timestamp");
        claim = update(
                form,
                "task_executions",
                "status = 'Running', claimed_by = $1, attempt = t.attempt + 1, started_at = $2, updated_at = $2",
                "uuid",
                "timestamp");
        start = update(
                form, "pipeline_executions", "status = 'Running', started_at = $1, updated_at = $1", "timestamp");
        finish = update(
                form,
                "task_executions",
                "status = 'Completed', claimed_by = NULL, completed_at = $1, updated_at = $1",
                "timestamp");
        insertOutput = insert(
                form,
                "task_execution_metadata (id, task_execution_id, pipeline_execution_id, task_name, context_id,"
                        + " created_at, updated_at)",
                "$1, $2, $3, $4, NULL, $5, $5",
                "uuid",
                "uuid",
                "uuid",
                "text",
                "timestamp");
        countDown = update(
                form,
                "task_executions",
                "dependencies_remaining = t.dependencies_remaining - $1, updated_at = $2",
                "integer",
                "timestamp");
        makeReady = update(form, "task_executions", "status = 'Ready', updated_at = $1", "timestamp");
        complete = update(
                form,
                "pipeline_executions",
                "status = 'Completed', leaves_remaining = t.leaves_remaining - 1, completed_at = $1, updated_at = $1",
                "timestamp");
    }

    private FloorStep insert(Form form, String into, String values, String... types) throws SQLException {
        String insert = "INSERT INTO " + into;
        return FloorStep.of(
                connection,
                form,
                insert + " VALUES (" + values + ")",
                insert + " SELECT " + values.replace("$", "m.p") + " FROM " + members(types),
                types);
    }

    /** By the primary key alone, which is the last value: nobody else changes the row. */
    private FloorStep update(Form form, String table, String assignments, String... types) throws SQLException {
        String[] all = Stream.concat(Stream.of(types), Stream.of("uuid")).toArray(String[]::new);
        String update = "UPDATE " + table + " AS t SET " + assignments;
        String where = " WHERE t.id = $" + all.length;
        return FloorStep.of(
                connection,
                form,
                update + where,
                update.replace("$", "m.p") + " FROM " + members(all) + where.replace("$", "m.p"),
                all);
    }

    private static String members(String... types) {
        StringJoiner arrays = new StringJoiner(", ", "unnest(", ")");
        StringJoiner columns = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < types.length; i++) {
            arrays.add("?::" + types[i] + "[]");
            columns.add("p" + (i + 1));
        }
        return arrays + " AS m" + columns;
    }

    /** An execution and its tasks, by their positions. */
    private record Group(UniversalUuid execution, List<UniversalUuid> tasks) {}

    /** Brings that many executions to their end. */
    void run(int executions) throws SQLException {
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < executions; i++) {
            groups.add(new Group(
                    UniversalUuid.v7(),
                    Stream.generate(UniversalUuid::v7)
                            .limit(workflow.tasks().size())
                            .toList()));
        }
        submit(groups);
        for (int level = 0; level < levels.size(); level++) {
            claim(groups, levels.get(level), level == 0);
            finish(groups, levels.get(level), level == levels.size() - 1);
        }
        connection.commit();
    }

    private void submit(List<Group> groups) throws SQLException {
        UniversalTimestamp now = now();
        for (Group group : groups) {
            UniversalUuid context = UniversalUuid.v7();
            insertContext.add(context, now);
            insertExecution.add(group.execution, workflow.name(), workflow.version(), context, now);
            for (TaskDefinition task : workflow.tasks()) {
                insertTask.add(
                        group.tasks.get(task.position()),
                        group.execution,
                        workflow.name(),
                        workflow.version(),
                        task.name(),
                        task.dependencies().isEmpty() ? "Ready" : "NotStarted",
                        task.dependencies().size(),
                        now);
            }
        }
        insertContext.run();
        insertExecution.run();
        insertTask.run();
    }

    private void claim(List<Group> groups, List<TaskDefinition> level, boolean isFirst) throws SQLException {
        UniversalTimestamp now = now();
        for (Group group : groups) {
            for (TaskDefinition task : level) {
                claim.add(runner, now, group.tasks.get(task.position()));
            }
            if (isFirst) {
                start.add(now, group.execution);
            }
        }
        claim.run();
        if (isFirst) {
            start.run();
        }
    }

    private void finish(List<Group> groups, List<TaskDefinition> level, boolean isLast) throws SQLException {
        UniversalTimestamp now = now();
        for (Group group : groups) {
            for (TaskDefinition task : level) {
                UniversalUuid id = group.tasks.get(task.position());
                finish.add(now, id);
                insertOutput.add(UniversalUuid.v7(), id, group.execution, task.name(), now);
            }
        }
        finish.run();
        insertOutput.run();
        if (isLast) {
            for (Group group : groups) {
                complete.add(now, group.execution);
            }
            complete.run();
        } else {
            advance(groups, level, now);
        }
    }

    /** These shapes go from level to level: what follows one is ready when it is finished. */
    private void advance(List<Group> groups, List<TaskDefinition> level, UniversalTimestamp now) throws SQLException {
        List<TaskDefinition> next = level.stream()
                .flatMap(task -> workflow.successorsOf(task).stream())
                .toList();
        Map<TaskDefinition, Integer> counts =
                next.stream().collect(Collectors.toMap(task -> task, task -> 1, Integer::sum, LinkedHashMap::new));
        for (Group group : groups) {
            for (Map.Entry<TaskDefinition, Integer> task : counts.entrySet()) {
                countDown.add(
                        task.getValue(), now, group.tasks.get(task.getKey().position()));
            }
        }
        countDown.run();
        for (Group group : groups) {
            for (TaskDefinition task : counts.keySet()) {
                makeReady.add(now, group.tasks.get(task.position()));
            }
        }
        makeReady.run();
    }

    private void registerRunner(Backend backend) throws SQLException {
        Codec<UniversalUuid> uuid = DataType.UUID.codec(backend);
        Codec<UniversalTimestamp> timestamp = DataType.TIMESTAMP.codec(backend);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO runners (id, host, boot_id, pid,"
                + " process_start, workflows, heartbeats, heartbeat_at, lease_expires_at, created_at)"
                + " VALUES (?, 'floor', 'none', 1, 'unknown', '[]', 0, ?, ?, ?)")) {
            uuid.bind(insert, 1, runner);
            for (int i = 2; i <= 4; i++) {
                timestamp.bind(insert, i, now());
            }
            insert.executeUpdate();
        }
    }

    private static UniversalTimestamp now() {
        return UniversalTimestamp.now(Clock.systemUTC());
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
