package io.cloacina.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.benchmarks.Figure;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The short form of {@code ./benchmark peers}; its times say nothing, but each job has to run once in every library. */
class PeersCommandTest {
    private static final PeersSettings LEAST = new PeersSettings(false, 0, 1, 100, 50, 100, 0, 0, 0);
    private static final Set<Part> PARTS = EnumSet.of(Part.SINGLE, Part.CHAIN, Part.FAN);

    private final StringWriter printed = new StringWriter();

    @Test
    void on_sqlite_each_library_that_can_runs_each_job_once() throws IOException, SQLException, InterruptedException {
        PeersReport report = measure(null, null);

        assertThat(report.figures())
                .extracting(Figure::name)
                .contains(
                        "cloacina.fan.jobs_per_s",
                        "db_scheduler.chain.jobs_per_s",
                        "jobrunr.single.cpu_s_per_1000_steps")
                .doesNotContain("db_scheduler.fan.jobs_per_s", "jobrunr.chain.jobs_per_s", "dbos.jobs");
        assertThat(printed.toString()).contains("DBOS 1.1.0", "not on SQLite: it needs PostgreSQL", "synchronous=FULL");
    }

    @Test
    void on_postgres_all_libraries_run_each_job_once() throws IOException, SQLException, InterruptedException {
        try (TestDatabase database = TestDatabase.create(Backend.POSTGRES)) {
            PeersReport report = measure(DatabaseUrl.parse(database.url()), database.url());

            assertThat(report.figures())
                    .extracting(Figure::name)
                    .contains("dbos.single.jobs_per_s", "dbos.chain.commits_per_1000_steps", "dbos.fan.jobs_per_s");
        }
        assertThat(printed.toString()).contains("synchronous_commit=off, fsync=off");
    }

    private PeersReport measure(@Nullable DatabaseUrl url, @Nullable String given)
            throws IOException, SQLException, InterruptedException {
        PeersReport report = new PeersReport(new PrintWriter(printed), url != null);
        boolean exact = PeersCommand.measure(url, given, PARTS, LEAST, report);
        String text = printed.toString();
        assertThat(exact).as(text).isTrue();
        assertThat(text).contains("Cloacina", "db-scheduler", "JobRunr", "DBOS", "not exactly once 0");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(report.figures())
                .filteredOn(figure -> figure.name().endsWith(".jobs"))
                .isNotEmpty()
                .allSatisfy(figure -> assertThat(figure.value()).isPositive());
        assertThat(report.figures())
                .filteredOn(figure -> figure.name().endsWith(".not_once"))
                .isNotEmpty()
                .allSatisfy(figure -> assertThat(figure.value()).isZero());
        return report;
    }
}
