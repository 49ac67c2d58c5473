package io.cloacina.benchmarks;

import io.cloacina.benchmarks.Catalog.NewContext;
import io.cloacina.benchmarks.Catalog.NewTask;
import io.cloacina.benchmarks.Catalog.Started;
import io.cloacina.benchmarks.Catalog.TaskView;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As an application does it: typed statements on a {@link Database}. */
final class LayerOperations implements Operations {
    private final Database database;

    LayerOperations(Database database) {
        this.database = database;
    }

    @Override
    public int insert(NewContext context) {
        return database.write(transaction -> transaction.run(Catalog.INSERT_CONTEXT, context));
    }

    @Override
    public int update(Started started) {
        return database.write(transaction -> transaction.run(Catalog.START_TASK, started));
    }

    @Override
    public @Nullable TaskView select(UniversalUuid taskId) {
        return database.find(Catalog.FIND_TASK, taskId).orElse(null);
    }

    @Override
    public int insertTasks(List<NewTask> tasks) {
        int inserted = 0;
        for (int count : database.<int[]>write(transaction -> transaction.batch(Catalog.INSERT_TASK, tasks))) {
            inserted += count;
        }
        return inserted;
    }

    @Override
    public int insertExecution(UniversalUuid id) {
        return database.write(transaction -> transaction.run(Catalog.INSERT_EXECUTION, id));
    }

    @Override
    public void clear() {
        database.write(transaction -> transaction.run(Catalog.DELETE_CONTEXTS, Catalog.SEEDED_AT)
                + transaction.run(Catalog.DELETE_TASKS, Catalog.SEEDED_AT));
    }

    @Override
    public void close() {
        database.close();
    }
}
