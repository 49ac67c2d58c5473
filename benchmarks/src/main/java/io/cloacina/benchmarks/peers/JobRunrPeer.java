package io.cloacina.benchmarks.peers;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.Job;
import org.jobrunr.jobs.filters.ApplyStateFilter;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.states.JobState;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.storage.sql.sqlite.SqLiteStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr, the free edition: jobs of one step. It refuses to poll more often than every five seconds. */
final class JobRunrPeer implements Peer {
    private static final Duration LEAST_POLL_INTERVAL = Duration.ofSeconds(5);
    private static final int WORKERS = 64;
    private static final int CONNECTIONS = 40;

    private final HikariDataSource source;
    private final StorageProvider storage;
    private final JobRequestScheduler scheduler;
    private final Ledger ledger;

    JobRunrPeer(PeerDatabase database, Ledger ledger) {
        this.ledger = ledger;
        source = database.pool(CONNECTIONS);
        storage = database.isPostgres() ? new PostgresStorageProvider(source) : new SqLiteStorageProvider(source);
        scheduler = JobRunr.configure()
                .useJsonMapper(new JacksonJsonMapper())
                .useStorageProvider(storage)
                .useJobActivator(new Activator(ledger))
                .withJobFilter(new Ended(ledger))
                .useBackgroundJobServer(BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andPollInterval(LEAST_POLL_INTERVAL)
                        .andWorkerCount(WORKERS))
                .initialize()
                .getJobRequestScheduler();
    }

    /** One job. */
    public record Numbered(int number) implements JobRequest {
        @Override
        public Class<Counting> getJobRequestHandler() {
            return Counting.class;
        }
    }

    /** Runs it; public, because it is called by reflection. */
    public record Counting(Ledger ledger) implements JobRequestHandler<Numbered> {
        @Override
        public void run(Numbered job) {
            ledger.ranLast(job.number());
        }
    }

    /** Makes what runs jobs. */
    private record Activator(Ledger ledger) implements JobActivator {
        @Override
        public <T> T activateJob(Class<T> type) {
            return type.cast(new Counting(ledger));
        }
    }

    private record Ended(Ledger ledger) implements ApplyStateFilter {
        @Override
        public void onStateApplied(Job job, JobState before, JobState after) {
            if (after.getName() == StateName.SUCCEEDED) {
                Object request = job.getJobDetails().getJobParameterValues()[0];
                ledger.stored(((Numbered) request).number());
            }
        }
    }

    @Override
    public void submit(Work work, int number) {
        scheduler.enqueue(new Numbered(number));
    }

    @Override
    public void submitAll(int first, int count) {
        scheduler.enqueue(IntStream.range(first, first + count).mapToObj(Numbered::new));
    }

    @Override
    public void submitAndAwait(int number) throws Exception {
        Future<Void> stored = ledger.watch(number);
        submit(Work.SINGLE, number);
        stored.get();
    }

    @Override
    public long unfinished() {
        return storage.countJobs(StateName.ENQUEUED)
                + storage.countJobs(StateName.PROCESSING)
                + storage.countJobs(StateName.SCHEDULED)
                + storage.countJobs(StateName.FAILED);
    }

    @Override
    public void close() {
        JobRunr.destroy();
        source.close();
    }
}
