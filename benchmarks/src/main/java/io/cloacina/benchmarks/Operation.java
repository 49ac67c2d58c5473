package io.cloacina.benchmarks;

import io.cloacina.benchmarks.Catalog.NewContext;
import io.cloacina.benchmarks.Catalog.NewTask;
import io.cloacina.benchmarks.Catalog.Started;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** An operation that floor and layer are compared in. */
enum Operation {
    INSERT("insert", 1),
    UPDATE("update", 1),
    SELECT("select", 1),
    BATCH("batch", 100);

    private final String label;
    private final int rows;

    Operation(String label, int rows) {
        this.label = label;
        this.rows = rows;
    }

    /** A number of runs of an operation with arguments made before, which returns how many rows they touched. */
    interface Load {
        int run(Operations on) throws SQLException;
    }

    String label() {
        return label;
    }

    /** Rows of one operation. */
    int rows() {
        return rows;
    }

    // Each load has a loop of its own: a shared one would call the four operations through one slow call site.
    Load load(Seed seed, int count) {
        return switch (this) {
            case INSERT -> inserts(seed.contexts(count));
            case UPDATE -> updates(seed.starts(count));
            case SELECT -> selects(seed.taskIds(count));
            case BATCH ->
                batches(Stream.generate(() -> seed.newTasks(rows)).limit(count).toList());
        };
    }

    private static Load inserts(NewContext[] contexts) {
        return on -> {
            int touched = 0;
            for (NewContext context : contexts) {
                touched += on.insert(context);
            }
            return touched;
        };
    }

    private static Load updates(Started[] starts) {
        return on -> {
            int touched = 0;
            for (Started started : starts) {
                touched += on.update(started);
            }
            return touched;
        };
    }

    private static Load selects(UniversalUuid[] ids) {
        return on -> {
            int touched = 0;
            for (UniversalUuid id : ids) {
                touched += on.select(id) == null ? 0 : 1;
            }
            return touched;
        };
    }

    private static Load batches(List<List<NewTask>> batches) {
        return on -> {
            int touched = 0;
            for (List<NewTask> tasks : batches) {
                touched += on.insertTasks(tasks);
            }
            return touched;
        };
    }
}
