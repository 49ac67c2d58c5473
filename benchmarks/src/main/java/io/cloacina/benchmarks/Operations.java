package io.cloacina.benchmarks;

import io.cloacina.benchmarks.Catalog.NewContext;
import io.cloacina.benchmarks.Catalog.NewTask;
import io.cloacina.benchmarks.Catalog.Started;
import io.cloacina.benchmarks.Catalog.TaskView;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is measured, done by the layer or by the floor beneath it. Each change is a transaction of its own. */
interface Operations extends AutoCloseable {
    int insert(NewContext context) throws SQLException;

    int update(Started started) throws SQLException;

    /** One statement, which reads from its own snapshot. */
    @Nullable
    TaskView select(UniversalUuid taskId) throws SQLException;

    /** One transaction; returns how many rows were inserted. */
    int insertTasks(List<NewTask> tasks) throws SQLException;

    int insertExecution(UniversalUuid id) throws SQLException;

    /** Deletes what was inserted since the seed. */
    void clear() throws SQLException;

    @Override
    void close() throws SQLException;
}
