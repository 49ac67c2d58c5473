package io.cloacina.benchmarks;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.benchmarks.Catalog.NewContext;
import io.cloacina.benchmarks.Catalog.NewTask;
import io.cloacina.benchmarks.Catalog.Started;
import io.cloacina.benchmarks.Catalog.TaskView;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.Codec;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By hand, with JDBC: every statement is prepared once and kept, every value is bound and read by its position. The SQL texts
 * and the codecs of single values are the layer's, so that what remains between the two is the layer alone.
 */
abstract class FloorOperations implements Operations {
    private final Connection connection;
    private final Connection reading;
    private final PreparedStatement insertContext;
    private final PreparedStatement insertExecution;
    private final PreparedStatement insertTask;
    private final PreparedStatement startTask;
    private final PreparedStatement findTask;
    private final PreparedStatement deleteContexts;
    private final PreparedStatement deleteTasks;

    private final Codec<UniversalUuid> uuid;
    private final Codec<UniversalTimestamp> timestamp;
    private final Codec<String> json;
    private final Codec<String> upTo200;
    private final Codec<String> upTo100;
    private final Codec<Integer> integer;
    private final Codec<TaskStatus> taskStatus;
    private final Codec<ExecutionStatus> executionStatus;

    /** @param reading for the select; the layer reads SQLite files through a connection of its own, so the floor does */
    FloorOperations(Connection connection, Connection reading, Backend backend) throws SQLException {
        this.connection = connection;
        this.reading = reading;
        this.insertContext = prepare(connection, backend, Catalog.INSERT_CONTEXT);
        this.insertExecution = prepare(connection, backend, Catalog.INSERT_EXECUTION);
        this.insertTask = prepare(connection, backend, Catalog.INSERT_TASK);
        this.startTask = prepare(connection, backend, Catalog.START_TASK);
        this.findTask = prepare(reading, backend, Catalog.FIND_TASK);
        this.deleteContexts = prepare(connection, backend, Catalog.DELETE_CONTEXTS);
        this.deleteTasks = prepare(connection, backend, Catalog.DELETE_TASKS);
        this.uuid = DataType.UUID.codec(backend);
        this.timestamp = DataType.TIMESTAMP.codec(backend);
        this.json = DataType.JSON.codec(backend);
        this.upTo200 = DataType.text(200).codec(backend);
        this.upTo100 = DataType.text(100).codec(backend);
        this.integer = DataType.INTEGER.codec(backend);
        this.taskStatus = DataType.enumText(TaskStatus.class).codec(backend);
        this.executionStatus = DataType.enumText(ExecutionStatus.class).codec(backend);
    }

    abstract void begin() throws SQLException;

    abstract void commit() throws SQLException;

    abstract void rollback() throws SQLException;

    /** Runs the prepared insert for each task. */
    abstract int runBatch(PreparedStatement insert, List<NewTask> tasks) throws SQLException;

    final Connection connection() {
        return connection;
    }

    @Override
    public final int insert(NewContext context) throws SQLException {
        begin();
        try {
            uuid.bind(insertContext, 1, context.id());
            json.bind(insertContext, 2, context.value());
            timestamp.bind(insertContext, 3, context.createdAt());
            timestamp.bind(insertContext, 4, context.createdAt());
            return committed(insertContext.executeUpdate());
        } catch (SQLException | RuntimeException e) {
            rollback();
            throw e;
        }
    }

    @Override
    public final int update(Started started) throws SQLException {
        begin();
        try {
            integer.bind(startTask, 1, started.attempt());
            timestamp.bind(startTask, 2, started.at());
            timestamp.bind(startTask, 3, started.at());
            uuid.bind(startTask, 4, started.taskId());
            return committed(startTask.executeUpdate());
        } catch (SQLException | RuntimeException e) {
            rollback();
            throw e;
        }
    }

    @Override
    @SuppressWarnings("NullAway") // columns 1 to 4 and 7 to 12 are NOT NULL
    public final @Nullable TaskView select(UniversalUuid taskId) throws SQLException {
        uuid.bind(findTask, 1, taskId);
        try (ResultSet row = findTask.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            return new TaskView(
                    uuid.read(row, 1),
                    upTo200.read(row, 2),
                    taskStatus.read(row, 3),
                    integer.read(row, 4),
                    timestamp.read(row, 5),
                    uuid.read(row, 6),
                    timestamp.read(row, 7),
                    uuid.read(row, 8),
                    upTo200.read(row, 9),
                    executionStatus.read(row, 10),
                    timestamp.read(row, 11),
                    integer.read(row, 12));
        }
    }

    @Override
    public final int insertTasks(List<NewTask> tasks) throws SQLException {
        begin();
        try {
            return committed(runBatch(insertTask, tasks));
        } catch (SQLException | RuntimeException e) {
            rollback();
            throw e;
        }
    }

    final void bind(PreparedStatement statement, NewTask task) throws SQLException {
        uuid.bind(statement, 1, task.id());
        uuid.bind(statement, 2, task.executionId());
        upTo200.bind(statement, 3, task.taskName());
        taskStatus.bind(statement, 4, task.status());
        bindNullable(timestamp, statement, 5, task.startedAt());
        integer.bind(statement, 6, task.attempt());
        integer.bind(statement, 7, task.maxAttempts());
        json.bind(statement, 8, task.triggerRules());
        json.bind(statement, 9, task.taskConfiguration());
        bindNullable(timestamp, statement, 10, task.retryAt());
        timestamp.bind(statement, 11, task.createdAt());
        timestamp.bind(statement, 12, task.createdAt());
        integer.bind(statement, 13, task.dependenciesRemaining());
        bindNullable(uuid, statement, 14, task.claimedBy());
        upTo200.bind(statement, 15, task.pipelineName());
        upTo100.bind(statement, 16, task.pipelineVersion());
        integer.bind(statement, 17, task.priority());
    }

    @Override
    public final int insertExecution(UniversalUuid id) throws SQLException {
        begin();
        try {
            uuid.bind(insertExecution, 1, id);
            return committed(insertExecution.executeUpdate());
        } catch (SQLException | RuntimeException e) {
            rollback();
            throw e;
        }
    }

    @Override
    public final void clear() throws SQLException {
        begin();
        try {
            timestamp.bind(deleteContexts, 1, Catalog.SEEDED_AT);
            timestamp.bind(deleteTasks, 1, Catalog.SEEDED_AT);
            committed(deleteContexts.executeUpdate() + deleteTasks.executeUpdate());
        } catch (SQLException | RuntimeException e) {
            rollback();
            throw e;
        }
    }

    @Override
    public final void close() throws SQLException {
        reading.close();
        connection.close();
    }

    private int committed(int changed) throws SQLException {
        commit();
        return changed;
    }

    private static PreparedStatement prepare(Connection connection, Backend backend, Statement<?, ?> statement)
            throws SQLException {
        return connection.prepareStatement(
                statement.composed(Dialect.of(backend)).sql());
    }

    private static <V> void bindNullable(Codec<V> codec, PreparedStatement statement, int index, @Nullable V value)
            throws SQLException {
        if (value == null) {
            codec.bindNull(statement, index);
        } else {
            codec.bind(statement, index, value);
        }
    }
}
