package io.cloacina.benchmarks.peers;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * db-scheduler, with the settings that were the fastest in the measurements of its README. A chain is made by hand: the end of a
 * step replaces its row by that of the next.
 */
final class DbSchedulerPeer implements Peer {
    private static final int THREADS = 100;
    private static final int CONNECTIONS = 40;

    private final HikariDataSource source;
    private final Scheduler scheduler;
    private final Ledger ledger;
    private final OneTimeTask<Integer> single;
    private final CustomTask<Integer> one;

    DbSchedulerPeer(PeerDatabase database, Ledger ledger) throws SQLException {
        this.ledger = ledger;
        source = database.pool(CONNECTIONS);
        createTable(database.isPostgres());
        single = last("single", ledger);
        OneTimeTask<Integer> three = last("three", ledger);
        CustomTask<Integer> two = before("two", three, ledger);
        one = before("one", two, ledger);
        SchedulerBuilder builder = Scheduler.create(source, single, one, two, three)
                .threads(THREADS)
                .enableImmediateExecution()
                .addSchedulerListener(new AbstractSchedulerListener() {
                    @Override
                    public void onExecutionComplete(ExecutionComplete complete) {
                        if (complete.getExecution().taskInstance.getTaskName().equals("single")) {
                            ledger.stored((Integer)
                                    complete.getExecution().taskInstance.getData());
                        }
                    }
                });
        if (database.isPostgres()) {
            builder.pollUsingLockAndFetch(2.0, 6.0);
        }
        scheduler = builder.build();
        scheduler.start();
    }

    private static OneTimeTask<Integer> last(String name, Ledger ledger) {
        return Tasks.oneTime(name, Integer.class).execute((instance, context) -> ledger.ranLast(instance.getData()));
    }

    private static CustomTask<Integer> before(String name, Task<Integer> next, Ledger ledger) {
        return Tasks.custom(name, Integer.class).execute((instance, context) -> {
            ledger.ran(instance.getData());
            return new CompletionHandler.OnCompleteReplace<>(next.getName(), instance.getData());
        });
    }

    /** The columns that its statements name, with the indexes that its documentation asks for. */
    private void createTable(boolean postgres) throws SQLException {
        String time = postgres ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
        PeerDatabase.run(
                source,
                "CREATE TABLE scheduled_tasks (task_name TEXT NOT NULL, task_instance TEXT NOT NULL, task_data "
                        + (postgres ? "BYTEA" : "BLOB") + ", execution_time " + time
                        + " NOT NULL, picked BOOLEAN NOT NULL,"
                        + " picked_by TEXT, last_success " + time + ", last_failure " + time
                        + ", consecutive_failures INT, last_heartbeat " + time
                        + ", version BIGINT NOT NULL, priority SMALLINT, PRIMARY KEY (task_name, task_instance))",
                "CREATE INDEX scheduled_by_time ON scheduled_tasks (execution_time)",
                "CREATE INDEX scheduled_by_heartbeat ON scheduled_tasks (last_heartbeat)");
    }

    @Override
    public void submit(Work work, int number) {
        scheduler.scheduleIfNotExists(instance(work == Work.SINGLE ? single : one, number), Instant.now());
    }

    @Override
    public void submitAll(int first, int count) {
        List<TaskInstance<?>> instances = IntStream.range(first, first + count)
                .mapToObj(number -> instance(single, number))
                .collect(Collectors.toList());
        scheduler.scheduleBatch(instances, Instant.now());
    }

    @Override
    public void submitAndAwait(int number) throws Exception {
        Future<Void> stored = ledger.watch(number);
        submit(Work.SINGLE, number);
        stored.get();
    }

    private static TaskInstance<Integer> instance(Task<Integer> task, int number) {
        return task.instance(String.valueOf(number), number);
    }

    @Override
    public long unfinished() throws SQLException {
        return PeerDatabase.count(source, "SELECT count(*) FROM scheduled_tasks");
    }

    @Override
    public void close() {
        scheduler.stop();
        source.close();
    }
}
