package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What processes that have nothing to do cost a PostgreSQL: half an hour that passes by hand, and what the server counts meanwhile.
 * Each test has the settings that are the default.
 */
@Timeout(120)
class IdleCostTest {
    private static final Duration TIME = Duration.ofMinutes(30);

    @ParameterizedTest(name = "{0} processes, packages: {1}")
    @CsvSource({"1,false", "1,true", "3,true"})
    void an_idle_process_makes_less_than_a_transaction_a_second(int processes, boolean packages) throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.migrated().close();
            double perSecond = transactions(test, processes, packages) / (double) (TIME.toSeconds() * processes);

            assertThat(perSecond).isBetween(0.1, 0.95);
        }
    }

    /** All that the server counts until they are closed again. */
    private static long transactions(TestDatabase test, int processes, boolean packages) {
        long before = committed(test);
        SteppedTime time = new SteppedTime();
        List<EngineRuntime> running = new ArrayList<>();
        try {
            for (int i = 0; i < processes; i++) {
                running.add(idle(Database.open(test.url()), time, packages));
            }
            running.forEach(each -> EngineParts.until("it is notified", each::isNotified));
            for (long second = 0; second < TIME.toSeconds(); second++) {
                time.pass(Duration.ofSeconds(1));
                // Otherwise two claims could become one.
                running.forEach(each -> each.lanes().settle());
            }
        } finally {
            running.forEach(EngineRuntime::close);
        }
        return committed(test) - before;
    }

    private static EngineRuntime idle(Database database, SteppedTime time, boolean packages) {
        Settings usual = EngineParts.usual();
        Settings settings = new Settings(
                usual.slots(),
                usual.grace(),
                Lease.DEFAULT_DURATION,
                Duration.ofSeconds(10),
                usual.retention(),
                usual.unavailableAfter(),
                usual.maxContextBytes(),
                usual.maxTasks(),
                usual.maxWaitingSubmissions(),
                packages ? PackageTrust.any() : null,
                null,
                usual.maxPackageBytes(),
                usual.listeners(),
                usual.clock(),
                usual.host());
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .version("1")
                .task("t", context -> {})
                .build();
        EngineRuntime runtime = new EngineRuntime(
                database,
                List.of(workflow),
                settings,
                Mode.RUNNER,
                own -> new Timer(false, own, name -> time.executor()));
        runtime.start();
        return runtime;
    }

    private static long committed(TestDatabase test) {
        return EngineParts.countWhenAlone(
                test, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
    }
}
