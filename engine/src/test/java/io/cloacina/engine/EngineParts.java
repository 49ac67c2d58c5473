package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.write.Interceptors;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** What tests of the engine's insides need: its parts, a clock that is set, and the database beside it. */
final class EngineParts {
    /** Nothing in a test takes this long unless it is broken. */
    static final Duration LONG = Duration.ofSeconds(30);

    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

    private static final Settings USUAL = new Settings(
            4,
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofHours(1),
            Duration.ofDays(30),
            Duration.ofDays(1),
            1 << 20,
            20_000,
            1_000,
            null,
            null,
            1 << 20,
            List.of(),
            Clock.systemUTC(),
            host(List.of()));

    private EngineParts() {}

    /** Settings of tests. */
    static Settings usual() {
        return USUAL;
    }

    /** A running engine's parts; close them. */
    static EngineRuntime of(TestDatabase test, WorkflowDefinition... workflows) {
        return of(test, settings -> settings, workflows);
    }

    /** As {@link #of(TestDatabase, WorkflowDefinition...)}, with settings changed. */
    static EngineRuntime of(TestDatabase test, UnaryOperator<Settings> changed, WorkflowDefinition... workflows) {
        return started(new EngineRuntime(test.migrated(), List.of(workflows), changed.apply(USUAL), Mode.RUNNER));
    }

    /** The same settings but for the clock. */
    static UnaryOperator<Settings> by(Clock clock) {
        return settings -> with(settings, clock, settings.host());
    }

    /** The same settings, and metrics. */
    static UnaryOperator<Settings> measuredBy(EngineMetrics metrics) {
        return settings -> with(settings, settings.clock(), host(List.of(metrics)));
    }

    private static Settings.Host host(List<EngineMetrics> metrics) {
        return new Settings.Host(JsonMapping.PLAIN, new Interceptors(List.of()), metrics, null, null, null, false);
    }

    private static Settings with(Settings settings, Clock clock, Settings.Host host) {
        return new Settings(
                settings.slots(),
                settings.grace(),
                settings.lease(),
                settings.pollInterval(),
                settings.retention(),
                settings.unavailableAfter(),
                settings.maxContextBytes(),
                settings.maxTasks(),
                settings.maxWaitingSubmissions(),
                settings.trust(),
                settings.packageDirectory(),
                settings.maxPackageBytes(),
                settings.listeners(),
                clock,
                host);
    }

    /** Parts of an engine that nothing turns. */
    static EngineRuntime manual(TestDatabase test, WorkflowDefinition... workflows) {
        return started(new EngineRuntime(test.migrated(), List.of(workflows), USUAL, Mode.MANUAL));
    }

    /** In a process of its own. */
    static EngineRuntime on(String url, boolean isManual, WorkflowDefinition... workflows) {
        return started(
                new EngineRuntime(Database.open(url), List.of(workflows), USUAL, isManual ? Mode.MANUAL : Mode.RUNNER));
    }

    private static EngineRuntime started(EngineRuntime runtime) {
        runtime.start();
        return runtime;
    }

    /** Waits for another thread of the test, within bounds. */
    static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("what another thread was to do")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until it is killed. */
    static void awaitForEver(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until something is seen that tells nobody when it happens. */
    static void until(String what, BooleanSupplier seen) {
        within(LONG, what, seen);
    }

    /** As {@link #until}, within a time that is part of the promise. */
    static void within(Duration bound, String what, BooleanSupplier seen) {
        long begin = System.nanoTime();
        long end = begin + bound.toNanos();
        while (!seen.getAsBoolean()) {
            long now = System.nanoTime();
            assertThat(now).as("%s, within %s", what, bound).isLessThan(end);
            // A look may open a connection: what takes long is looked at less often.
            LockSupport.parkNanos(Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, (now - begin) / 10)));
        }
    }

    /** A change by somebody else. */
    static int execute(TestDatabase test, String sql) {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            if (connection.getMetaData().getDatabaseProductName().startsWith("SQLite")) {
                statement.execute("PRAGMA busy_timeout = 20000");
            }
            statement.execute(sql);
            return Math.max(0, statement.getUpdateCount());
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** A number that a query counts. */
    static long count(TestDatabase test, String sql) {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            return number(statement, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /**
     * What a PostgreSQL has counted of the database. A session counts when it is closed at the latest, so all others have to
     * be.
     */
    static long countWhenAlone(TestDatabase test, String sql) {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            until(
                    "all others are closed",
                    () -> number(
                                    statement,
                                    "SELECT count(*) FROM pg_stat_activity"
                                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()")
                            == 0);
            return number(statement, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static long number(Statement statement, String sql) {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** An id as SQL of the database. */
    static String literal(TestDatabase test, UniversalUuid id) {
        return test.backend() == Backend.SQLITE ? "x'" + id.toString().replace("-", "") + "'" : "'" + id + "'";
    }

    /** A clock that stands until it is moved. */
    static final class SetClock extends Clock {
        private volatile Instant now = Instant.parse("2026-03-08T06:59:00Z");

        /** For the one thread that turns the engine. */
        void advance(Duration by) {
            now = instant().plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("instants only");
        }
    }
}
