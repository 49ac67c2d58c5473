package io.cloacina.benchmarks;

import io.cloacina.api.TaskStatus;
import io.cloacina.benchmarks.Catalog.NewContext;
import io.cloacina.benchmarks.Catalog.NewTask;
import io.cloacina.benchmarks.Catalog.Started;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows that every database begins with, and the arguments of the operations: the same for floor and layer. */
final class Seed {
    static final int TASKS_PER_EXECUTION = 50;

    private static final int EXECUTIONS = 20;
    private static final String CONTEXT = "{\"source\": \"s3://bucket/2025/01/01/orders.json\", \"attempts\": 3,"
            + " \"checksum\": \"6f1ed002ab5595859014ebf0951522d9\"}";
    private static final String CONFIGURATION = "{\"timeoutMillis\": 60000, \"retry\": {\"maxAttempts\": 3}}";

    private final List<UniversalUuid> executions =
            Stream.generate(UniversalUuid::v7).limit(EXECUTIONS).toList();
    private final List<NewTask> tasks = new ArrayList<>();
    private long moment = Catalog.SEEDED_AT.epochMicros();
    private int turn;

    Seed() {
        for (UniversalUuid execution : executions) {
            for (int number = 0; number < TASKS_PER_EXECUTION; number++) {
                tasks.add(task(execution, "task-" + number, TaskStatus.RUNNING, Catalog.SEEDED_AT, Catalog.SEEDED_AT));
            }
        }
    }

    /** Fills an empty database. */
    void plant(Operations database) throws SQLException {
        for (UniversalUuid execution : executions) {
            database.insertExecution(execution);
        }
        database.insertTasks(tasks);
    }

    /** New rows, no id of which was used before. */
    NewContext[] contexts(int count) {
        return Stream.generate(() -> new NewContext(UniversalUuid.v7(), CONTEXT, now()))
                .limit(count)
                .toArray(NewContext[]::new);
    }

    /** New rows, no id of which was used before. */
    List<NewTask> newTasks(int count) {
        UniversalTimestamp now = now();
        UniversalUuid execution = executions.get((int) (moment % EXECUTIONS));
        return IntStream.range(0, count)
                .mapToObj(number -> task(execution, "task-" + moment + "-" + number, TaskStatus.NOT_STARTED, null, now))
                .toList();
    }

    Started[] starts(int count) {
        return Stream.generate(() -> new Started(someTask(), turn % 100, now()))
                .limit(count)
                .toArray(Started[]::new);
    }

    UniversalUuid[] taskIds(int count) {
        return Stream.generate(this::someTask).limit(count).toArray(UniversalUuid[]::new);
    }

    /** Strides through the tasks, so that neighbours are not asked for one after another. */
    private UniversalUuid someTask() {
        turn = (turn + 37) % tasks.size();
        return tasks.get(turn).id();
    }

    private UniversalTimestamp now() {
        moment += 1_001;
        return UniversalTimestamp.ofEpochMicros(moment);
    }

    private static NewTask task(
            UniversalUuid execution,
            String name,
            TaskStatus status,
            @Nullable UniversalTimestamp startedAt,
            UniversalTimestamp createdAt) {
        return new NewTask(
                UniversalUuid.v7(),
                execution,
                name,
                status,
                startedAt,
                1,
                3,
                "{\"type\": \"Always\"}",
                CONFIGURATION,
                null,
                createdAt,
                0,
                null,
                "nightly-import",
                "2025.1",
                0);
    }
}
