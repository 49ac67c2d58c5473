package io.cloacina.benchmarks.engine;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.Codec;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes groups of executions through one connection with statements that are prepared once: a group from its submission to
 * its end in one transaction, level by level. No engine could do so; it is what writing these rows costs at least.
 */
final class FloorWriter implements AutoCloseable {
    private final Connection connection;
    private final boolean batches;
    private final WorkflowDefinition workflow;
    private final List<List<TaskDefinition>> levels;
    private final Codec<UniversalUuid> uuid;
    private final Codec<UniversalTimestamp> timestamp;
    private final Codec<UniversalBool> bool;
    private final UniversalUuid runner = UniversalUuid.v7();

    private final PreparedStatement insertContext;
    private final PreparedStatement insertExecution;
    private final PreparedStatement insertTask;
    private final PreparedStatement claim;
    private final PreparedStatement start;
    private final PreparedStatement finish;
    private final PreparedStatement insertOutput;
    private final PreparedStatement countDown;
    private final PreparedStatement makeReady;
    private final PreparedStatement complete;

    FloorWriter(Connection connection, Backend backend, Shape shape) throws SQLException {
        this.connection = connection;
        // The driver of SQLite copies every value of a batch first, which is slower than one by one.
        this.batches = backend == Backend.POSTGRES;
        this.workflow = shape.definition(context -> {});
        this.levels = workflow.levels().stream()
                .map(names -> names.stream()
                        .map(name -> workflow.task(name).orElseThrow())
                        .toList())
                .toList();
        this.uuid = DataType.UUID.codec(backend);
        this.timestamp = DataType.TIMESTAMP.codec(backend);
        this.bool = DataType.BOOL.codec(backend);
        registerRunner();
        connection.setAutoCommit(false);
        insertContext = connection.prepareStatement(
                "INSERT INTO contexts (id, value, created_at, updated_at) VALUES (?, ?, ?, ?)");
        insertExecution = connection.prepareStatement("INSERT INTO pipeline_executions (id, pipeline_name,"
                + " pipeline_version, status, context_id, recovery_attempts, leaves_remaining, tasks_failed, priority,"
                + " origin, created_at, updated_at) VALUES (?, ?, ?, 'Pending', ?, 0, 1, 0, 0, 'submit', ?, ?)");
        insertTask =
                connection.prepareStatement("INSERT INTO task_executions (id, pipeline_execution_id, pipeline_name,"
                        + " pipeline_version, task_name, status, dependencies_remaining, dependencies_unmet, attempt,"
                        + " max_attempts, recovery_attempts, priority, trigger_rules, task_configuration, paused,"
                        + " children_remaining, created_at,"
                        + " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 1, 0, 0, ?, ?, ?, 0, ?, ?)");
        claim = connection.prepareStatement("UPDATE task_executions SET status = 'Running', claimed_by = ?, attempt ="
                + " attempt + 1, started_at = ?, updated_at = ? WHERE id = ? AND status = 'Ready'");
        start = connection.prepareStatement("UPDATE pipeline_executions SET status = 'Running', started_at = ?,"
                + " updated_at = ? WHERE id = ? AND status = 'Pending'");
        finish = connection.prepareStatement("UPDATE task_executions SET status = 'Completed', claimed_by = NULL,"
                + " completed_at = ?, updated_at = ? WHERE id = ? AND claimed_by = ? AND status = 'Running'");
        insertOutput = connection.prepareStatement(
                "INSERT INTO task_execution_metadata (id, task_execution_id,"
                        + " pipeline_execution_id, task_name, context_id, created_at, updated_at) VALUES (?, ?, ?, ?, NULL, ?, ?)");
        countDown = connection.prepareStatement("UPDATE task_executions SET dependencies_remaining ="
                + " dependencies_remaining - 1, updated_at = ? WHERE id = ? AND status = 'NotStarted'");
        makeReady = connection.prepareStatement("UPDATE task_executions SET status = 'Ready', updated_at = ?"
                + " WHERE id = ? AND dependencies_remaining = 0 AND status = 'NotStarted'");
        complete = connection.prepareStatement("UPDATE pipeline_executions SET status = 'Completed', leaves_remaining ="
                + " leaves_remaining - 1, completed_at = ?, updated_at = ? WHERE id = ? AND status = 'Running'");
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
            uuid.bind(insertContext, 1, context);
            insertContext.setString(2, "{\"number\":42}");
            times(insertContext, 3, now);
            add(insertContext);
            uuid.bind(insertExecution, 1, group.execution);
            insertExecution.setString(2, workflow.name());
            insertExecution.setString(3, workflow.version());
            uuid.bind(insertExecution, 4, context);
            times(insertExecution, 5, now);
            add(insertExecution);
            for (TaskDefinition task : workflow.tasks()) {
                bindTask(group, task, now);
                add(insertTask);
            }
        }
        run(insertContext);
        run(insertExecution);
        run(insertTask);
    }

    private void bindTask(Group group, TaskDefinition task, UniversalTimestamp now) throws SQLException {
        uuid.bind(insertTask, 1, group.tasks.get(task.position()));
        uuid.bind(insertTask, 2, group.execution);
        insertTask.setString(3, workflow.name());
        insertTask.setString(4, workflow.version());
        insertTask.setString(5, task.name());
        insertTask.setString(6, task.dependencies().isEmpty() ? "Ready" : "NotStarted");
        insertTask.setInt(7, task.dependencies().size());
        insertTask.setString(8, "{\"type\":\"DependenciesCompleted\"}");
        insertTask.setString(9, "{}");
        bool.bind(insertTask, 10, UniversalBool.FALSE);
        times(insertTask, 11, now);
    }

    private void claim(List<Group> groups, List<TaskDefinition> level, boolean isFirst) throws SQLException {
        UniversalTimestamp now = now();
        for (Group group : groups) {
            for (TaskDefinition task : level) {
                uuid.bind(claim, 1, runner);
                times(claim, 2, now);
                uuid.bind(claim, 4, group.tasks.get(task.position()));
                add(claim);
            }
            if (isFirst) {
                times(start, 1, now);
                uuid.bind(start, 3, group.execution);
                add(start);
            }
        }
        run(claim);
        if (isFirst) {
            run(start);
        }
    }

    private void finish(List<Group> groups, List<TaskDefinition> level, boolean isLast) throws SQLException {
        UniversalTimestamp now = now();
        for (Group group : groups) {
            for (TaskDefinition task : level) {
                times(finish, 1, now);
                uuid.bind(finish, 3, group.tasks.get(task.position()));
                uuid.bind(finish, 4, runner);
                add(finish);
                uuid.bind(insertOutput, 1, UniversalUuid.v7());
                uuid.bind(insertOutput, 2, group.tasks.get(task.position()));
                uuid.bind(insertOutput, 3, group.execution);
                insertOutput.setString(4, task.name());
                times(insertOutput, 5, now);
                add(insertOutput);
            }
        }
        run(finish);
        run(insertOutput);
        if (isLast) {
            for (Group group : groups) {
                times(complete, 1, now);
                uuid.bind(complete, 3, group.execution);
                add(complete);
            }
            run(complete);
        } else {
            advance(groups, level, now);
        }
    }

    /** These shapes go from level to level: what follows one is ready when it is finished. */
    private void advance(List<Group> groups, List<TaskDefinition> level, UniversalTimestamp now) throws SQLException {
        List<TaskDefinition> next = level.stream()
                .flatMap(task -> workflow.successorsOf(task).stream())
                .toList();
        List<TaskDefinition> distinct = next.stream().distinct().toList();
        for (Group group : groups) {
            for (TaskDefinition task : next) {
                timestamp.bind(countDown, 1, now);
                uuid.bind(countDown, 2, group.tasks.get(task.position()));
                add(countDown);
            }
        }
        run(countDown);
        for (Group group : groups) {
            for (TaskDefinition task : distinct) {
                timestamp.bind(makeReady, 1, now);
                uuid.bind(makeReady, 2, group.tasks.get(task.position()));
                add(makeReady);
            }
        }
        run(makeReady);
    }

    private void times(PreparedStatement statement, int index, UniversalTimestamp now) throws SQLException {
        timestamp.bind(statement, index, now);
        timestamp.bind(statement, index + 1, now);
    }

    private void add(PreparedStatement statement) throws SQLException {
        if (batches) {
            statement.addBatch();
        } else {
            statement.executeUpdate();
        }
    }

    private void run(PreparedStatement statement) throws SQLException {
        if (batches) {
            statement.executeBatch();
        }
    }

    private void registerRunner() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO runners (id, host, boot_id, pid,"
                + " process_start, workflows, heartbeats, heartbeat_at, lease_expires_at, created_at)"
                + " VALUES (?, 'floor', 'none', 1, 'unknown', '[]', 0, ?, ?, ?)")) {
            uuid.bind(insert, 1, runner);
            times(insert, 2, now());
            timestamp.bind(insert, 4, now());
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
