package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.testsupport.SharedPostgres;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed after each statement by which firing a schedule changes something, and after each commit: the occurrence is
 * neither lost nor doubled.
 */
@Timeout(400)
class CronKillTest {
    private static final Instant BEGIN = Instant.parse("2026-03-08T06:30:00Z");
    private static final Instant FIRST = BEGIN.plus(Duration.ofHours(1));
    private static final int FEWEST_STATEMENTS = 6;

    /** Databases on which a process is killed at once. */
    private static final int AT_ONCE = 16;

    private static final WorkflowDefinition WORKFLOW = WorkflowDefinition.named("report")
            .version("1")
            .task("write", context -> {})
            .build();

    private static ManualEngine start(EngineBuilder builder, Instant now) {
        return builder.workflow(WORKFLOW)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .buildManual()
                .start();
    }

    /**
     * The child: on each database it fires what is due, and stops after one change or commit more than on the one before, counted
     * from the claim on. The kill of one process is that of all of them.
     */
    static final class Victim {
        public static void main(String[] arguments) {
            int first = Integer.parseInt(arguments[0]);
            List<ManualEngine> engines = new ArrayList<>();
            for (int i = 1; i < arguments.length; i++) {
                CountingConnections connections = new CountingConnections(arguments[i], first + i - 1);
                engines.add(start(Engine.builder(connections), FIRST));
            }
            for (int i = 0; i < engines.size(); i++) {
                ManualEngine engine = engines.get(i);
                int last = first + i;
                new Thread(() -> {
                            engine.tick();
                            say(last + " done");
                        })
                        .start();
            }
            hang();
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String jdbcUrl(TestDatabase test) {
        return test.backend() == Backend.SQLITE ? "jdbc:" + test.url() : SharedPostgres.jdbcUrl(test.url());
    }

    private static TestDatabase scheduled(Backend backend) {
        TestDatabase test = TestDatabase.create(backend);
        try (ManualEngine manual = start(Engine.builder(test.url()), BEGIN)) {
            manual.engine().schedules().put(Schedule.of("hourly", "report").cron("0 * * * *"));
        }
        return test;
    }

    @ParameterizedTest
    @EnumSource
    void after_each_statement(Backend backend) {
        int killed = 0;
        boolean isDone = false;
        while (!isDone) {
            List<TestDatabase> databases = IntStream.range(0, AT_ONCE)
                    .mapToObj(each -> scheduled(backend))
                    .toList();
            try {
                List<Boolean> areDone = killedAfter(killed + 1, databases);
                for (int i = 0; i < AT_ONCE && !isDone; i++) {
                    killed++;
                    isDone = areDone.get(i);
                    assertFiredOnce(databases.get(i), killed);
                }
            } finally {
                databases.forEach(TestDatabase::close);
            }
        }
        assertThat(killed).isGreaterThan(FEWEST_STATEMENTS);
    }

    /** Whether the process had done all on a database when it was killed, and was not in the middle. */
    private static List<Boolean> killedAfter(int first, List<TestDatabase> databases) {
        String[] arguments = Stream.concat(
                        Stream.of(String.valueOf(first)), databases.stream().map(CronKillTest::jdbcUrl))
                .toArray(String[]::new);
        try (Child victim = Child.start(Victim.class, arguments)) {
            return IntStream.range(first, first + databases.size())
                    .mapToObj(last -> victim.said(last + " ").equals("done"))
                    .toList();
        }
    }

    private static void assertFiredOnce(TestDatabase test, int statements) {
        try (ManualEngine survivor = start(Engine.builder(test.url()), FIRST)) {
            EngineParts.until("the occurrence of the dead process is there, and has ended", () -> {
                survivor.tick();
                return EngineParts.count(
                                test,
                                "SELECT count(*) FROM pipeline_executions WHERE status = 'Completed' AND origin ="
                                        + " 'schedule'")
                        == 1;
            });
            survivor.tick();
        }
        assertThat(EngineParts.count(test, "SELECT count(*) FROM cron_executions"))
                .as("occurrences after a kill after %s statements", statements)
                .isEqualTo(1);
        assertThat(EngineParts.count(test, "SELECT count(*) FROM pipeline_executions"))
                .as("executions after a kill after %s statements", statements)
                .isEqualTo(1);
    }

    /** Says so and stops once there were that many changes and commits, from the claim of a schedule on. */
    private static final class CountingConnections implements DataSource {
        private static final Pattern CHANGE = Pattern.compile("\\s*(?:INSERT|UPDATE|DELETE|WITH|COMMIT)\\b");

        private final String url;
        private final int last;
        private int count;

        CountingConnections(String url, int last) {
            this.url = url;
            this.last = last;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection real = DriverManager.getConnection(url);
            if (url.startsWith("jdbc:sqlite:")) {
                try (Statement statement = real.createStatement()) {
                    statement.execute("PRAGMA foreign_keys = ON");
                    statement.execute("PRAGMA busy_timeout = 10000");
                }
            }
            return proxy(Connection.class, (method, arguments) -> {
                if (method.getName().equals("isWrapperFor")) {
                    // Otherwise it would be unwrapped.
                    return false;
                }
                Object result = call(real, method, arguments);
                String sql =
                        arguments != null && arguments.length > 0 && arguments[0] instanceof String text ? text : "";
                if (result instanceof PreparedStatement prepared) {
                    return counted(PreparedStatement.class, prepared, sql);
                }
                if (result instanceof Statement statement) {
                    return counted(Statement.class, statement, "");
                }
                if (method.getName().equals("commit")) {
                    count("COMMIT");
                }
                return result;
            });
        }

        private <S extends Statement> S counted(Class<S> type, S real, String prepared) {
            return proxy(type, (method, arguments) -> {
                Object result = call(real, method, arguments);
                if (method.getName().startsWith("execute")) {
                    count(prepared.isEmpty() && arguments != null ? String.valueOf(arguments[0]) : prepared);
                }
                return result;
            });
        }

        private synchronized void count(String sql) {
            boolean isClaim = sql.contains("UPDATE") && sql.contains("cron_schedules") && sql.contains("LIMIT");
            // After one that only reads all is as it was before it.
            if (isClaim || (count > 0 && CHANGE.matcher(sql).lookingAt())) {
                count++;
                if (count == last) {
                    say(last + " there");
                    hang();
                }
            }
        }

        private interface Call {
            @Nullable
            Object of(Method method, Object @Nullable [] arguments) throws Throwable;
        }

        private static <T> T proxy(Class<T> type, Call call) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> call.of(method, arguments)));
        }

        private static @Nullable Object call(Object real, Method method, Object @Nullable [] arguments)
                throws Throwable {
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(PrintWriter out) {}

        @Override
        public void setLoginTimeout(int seconds) {}

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException();
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("nothing is wrapped");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
