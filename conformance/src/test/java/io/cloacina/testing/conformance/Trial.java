package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TaskOptions;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.cron.CronExpression;
import io.cloacina.cron.CronTimes;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.ManualEngine;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** An engine on which public methods are called, and what is made of what they return. */
final class Trial implements AutoCloseable {
    static final WorkflowDefinition OK =
            WorkflowDefinition.named("ok").version("1").task("t", context -> {}).build();

    private static final Map<String, Object> LIST = Map.of("list", List.of("a"));

    private final TestDatabase database;
    private final TestEngine testEngine;
    private final List<AutoCloseable> lent = new ArrayList<>();
    private Consumer<TaskContext> probe = context -> {};
    private final Connection looking;
    private @Nullable Database shared;
    private List<String> countedAt = List.of();
    private String counted = "";
    private UUID done;
    private int made;

    Trial(TestDatabase database) {
        this.database = database;
        try {
            this.looking = database.connect();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        this.testEngine = TestEngine.on(database.url())
                .workflow(OK)
                .workflow(WorkflowDefinition.named("body")
                        .task("t", context -> probe.accept(context))
                        .build())
                .workflow(WorkflowDefinition.named("element")
                        .task("t", context -> probe.accept(context), task -> task.forEach("list"))
                        .build())
                .workflow(WorkflowDefinition.named("signal")
                        .task("t", context -> probe.accept(context), task -> task.signal("s"))
                        .build())
                .workflow(WorkflowDefinition.named("failing")
                        .task("t", context -> {
                            throw new HostileValues.OwnException();
                        })
                        .build())
                .configure(builder -> builder.lease(Duration.ofDays(1)))
                .start();
        this.done = testEngine.run("ok").id();
    }

    String url() {
        return database.url();
    }

    Engine engine() {
        return testEngine.engine();
    }

    TestEngine testEngine() {
        return testEngine;
    }

    UUID done() {
        if (engine().find(done).isEmpty()) { // retention has removed it
            done = testEngine.run("ok").id();
        }
        return done;
    }

    UUID waiting() {
        return testEngine.submit("signal");
    }

    UUID paused() {
        UUID id = waiting();
        engine().pause(id, null);
        return id;
    }

    UUID failed() {
        return testEngine.run("failing").id();
    }

    Object[] schedule() {
        engine().schedules().put(Schedule.of("kept", "ok").cron("0 * * * *"));
        return new Object[] {"kept"};
    }

    WorkflowDefinition.Builder builder() {
        return WorkflowDefinition.named("made " + ++made).task("before", context -> {});
    }

    EngineBuilder engineBuilder() {
        return Engine.builder(url()).workflow(OK);
    }

    /** A database that engines share, which they leave open. */
    Database shared() {
        if (shared == null) {
            shared = Database.open(url());
        }
        return shared;
    }

    Connection transaction() {
        try {
            Connection connection = database.connect();
            lent.add(() -> {
                connection.rollback();
                connection.close();
            });
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that opens a connection each time, as a pool of the application may. */
    DataSource dataSource() {
        return (DataSource) Proxy.newProxyInstance(
                Trial.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                    return switch (method.getName()) {
                        case "getConnection" -> database.connect();
                        case "isWrapperFor" -> false;
                        case "getLoginTimeout", "hashCode" -> 0;
                        case "equals" -> self == arguments[0];
                        case "toString" -> "a data source";
                        default -> throw new SQLFeatureNotSupportedException(method.getName());
                    };
                });
    }

    /** How many rows the methods of an engine may have stored; they are counted when something was committed since the last time. */
    String stored() {
        List<String> commits = Rows.texts(
                looking,
                database.backend() == Backend.SQLITE
                        ? "PRAGMA data_version"
                        : "SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)");
        if (!commits.equals(countedAt)) {
            counted = counted();
            countedAt = commits;
        }
        return counted;
    }

    private String counted() {
        return String.join(
                " ",
                Rows.texts(
                        looking,
                        "SELECT COUNT(*) FROM pipeline_executions UNION ALL SELECT COUNT(*) FROM task_executions"
                                + " UNION ALL SELECT COUNT(*) FROM contexts UNION ALL SELECT COUNT(*) FROM signals"
                                + " UNION ALL SELECT COUNT(*) FROM cron_schedules"
                                + " UNION ALL SELECT COUNT(*) FROM workflow_packages"
                                + " UNION ALL SELECT COUNT(*) FROM workflow_registry"));
    }

    /** What a method returned, or threw. */
    record Outcome(@Nullable Object returned, @Nullable Throwable thrown) {}

    Outcome call(Executable method, ArgumentTable.Row row, @Nullable Object receiver, @Nullable Object[] arguments) {
        String body = row.body();
        if (body != null) {
            return callInBody(body, method, arguments);
        }
        Consumer<TaskOptions> preparation = row.preparation();
        return preparation != null ? callOnOptions(preparation, method, arguments) : call(method, receiver, arguments);
    }

    private static Outcome call(Executable method, @Nullable Object receiver, @Nullable Object[] arguments) {
        try {
            method.setAccessible(true);
            Object returned = method instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) method).invoke(receiver, arguments);
            // What changes its receiver is seen there.
            return new Outcome(returned == null ? receiver : returned, null);
        } catch (InvocationTargetException e) {
            return new Outcome(null, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(PublicSurface.signature(method), e);
        }
    }

    private Outcome callInBody(String workflow, Executable method, @Nullable Object[] arguments) {
        List<Outcome> outcomes = new ArrayList<>();
        // Once: an execution that continues as another one of its workflow comes here again.
        probe = context -> {
            if (outcomes.isEmpty()) {
                outcomes.add(call(method, context, arguments));
            }
        };
        UUID id = testEngine.submit(workflow, LIST);
        if (workflow.equals("signal")) {
            engine().signal(id, "s", "value");
        }
        testEngine.tick();
        probe = context -> {};
        assertThat(outcomes).as("the body ran").hasSize(1);
        Outcome outcome = outcomes.get(0);
        return outcome.thrown() != null ? outcome : new Outcome(id, null);
    }

    private Outcome callOnOptions(Consumer<TaskOptions> preparation, Executable method, @Nullable Object[] arguments) {
        List<Outcome> outcomes = new ArrayList<>();
        WorkflowDefinition.Builder builder = builder().task("t", context -> {}, options -> {
            preparation.accept(options);
            outcomes.add(call(method, options, arguments));
        });
        Outcome outcome = outcomes.get(0);
        return outcome.thrown() != null ? outcome : new Outcome(builder, null);
    }

    /** Gives back what was lent for a call. */
    void giveBack() throws Exception {
        for (AutoCloseable each : lent) {
            each.close();
        }
        lent.clear();
    }

    /** Uses what a method returned as an application would. */
    void use(@Nullable Object returned) throws Exception {
        assertThat(String.valueOf(returned)).isNotNull();
        if (returned instanceof UUID id) {
            testEngine.tick();
            read(engine(), id);
        } else if (returned instanceof Submission submission) {
            use(testEngine.submit(submission));
        } else if (returned instanceof Schedule schedule) {
            put(schedule);
        } else if (returned instanceof CatchUp catchUp) {
            put(Schedule.of("catching up", "ok").cron("0 * * * *").catchUp(catchUp));
        } else if (returned instanceof ExecutionQuery query) {
            engine().list(query);
        } else if (returned instanceof CronExpression expression) {
            expression.from(LocalDateTime.of(2026, 1, 1, 0, 0));
        } else if (returned instanceof CronTimes times) {
            times.next(ManualClock.DEFAULT_START);
        } else if (returned instanceof PackageTrust trust) {
            use(engineBuilder().packages(trust));
        } else if (returned instanceof ManualClock clock) {
            use(TestEngine.on(url()).clock(clock));
        } else if (returned instanceof TestDatabase other) {
            other.close();
        } else if (returned instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof UUID id) {
            use(id);
        } else {
            useDefinition(returned);
        }
    }

    private void useDefinition(@Nullable Object returned) {
        if (returned instanceof WorkflowDefinition.Builder its) {
            run(its.build());
        } else if (returned instanceof WorkflowDefinition definition) {
            run(definition);
        } else if (returned instanceof RetryPolicy policy) {
            run(builder()
                    .task(
                            "t",
                            context -> {
                                throw new HostileValues.OwnException();
                            },
                            task -> task.retry(policy))
                    .build());
        } else if (returned instanceof Limit limit) {
            run(builder()
                    .limit(limit)
                    .task("t", context -> {}, task -> task.limit(limit))
                    .build());
        } else if (returned instanceof TriggerCondition condition) {
            run(builder()
                    .task("t", context -> {}, task -> task.after("before").when(TriggerRule.all(condition)))
                    .task("u", context -> {}, task -> task.after("before").when(TriggerRule.none(condition)))
                    .build());
        } else if (returned instanceof TriggerRule rule) {
            run(builder()
                    .task("t", context -> {}, task -> task.after("before").when(rule))
                    .build());
        } else if (returned instanceof EngineBuilder its) {
            start(its);
        } else if (returned instanceof TestEngine.Builder its) {
            start(its);
        }
    }

    private void put(Schedule schedule) {
        engine().schedules().put(schedule);
        assertThat(engine().schedules().find(schedule.name())).isPresent();
        engine().schedules().next(schedule.name(), 2);
        testEngine.tick();
        engine().schedules().history(schedule.name(), 10);
        engine().schedules().delete(schedule.name());
    }

    private void run(WorkflowDefinition definition) {
        TestEngine.Builder builder = TestEngine.on(shared()).workflow(definition);
        if (!definition.name().equals("ok")) {
            builder.workflow(OK);
        }
        try (TestEngine own = builder.start()) {
            UUID id = own.submit(definition.name(), LIST);
            own.tick();
            own.advance(Duration.ofHours(2));
            read(own.engine(), id);
            if (!own.execution(id).isFinished()) {
                own.engine().cancel(id);
                read(own.engine(), id);
            }
            definition.schedules().forEach(its -> own.engine().schedules().delete(its.schedule()));
        }
    }

    private void start(EngineBuilder builder) {
        try (ManualEngine own = builder.buildManual().start()) {
            if (own.engine().workflows().stream().anyMatch(known -> known.name().equals("ok"))) {
                UUID id = own.engine().submit("ok", Map.of());
                own.tick();
                read(own.engine(), id);
            }
        }
    }

    private void start(TestEngine.Builder builder) {
        try (TestEngine own = builder.workflow(OK).start()) {
            UUID id = own.submit("ok");
            own.tick();
            read(own.engine(), id);
        } catch (CloacinaException e) {
            if (!e.code().equals("DUPLICATE_WORKFLOW")) {
                throw e;
            }
        }
    }

    /** Whatever is stored of an execution can be read. */
    private static void read(Engine engine, UUID id) {
        if (engine.find(id).isPresent()) {
            engine.tasks(id);
            engine.context(id).json();
            engine.attempts(id);
            engine.recoveries(id);
        }
    }

    /** The engine still does its work. */
    void assertWorks() {
        assertThat(testEngine.run("ok").status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    /** Whatever is stored can be read. */
    void readAll() {
        engine().schedules().list();
        engine().packages().list();
        engine().runners();
        List<Execution> page = engine().list(ExecutionQuery.all().limit(1_000));
        while (!page.isEmpty()) {
            page.forEach(execution -> read(engine(), execution.id()));
            page = engine().list(ExecutionQuery.all()
                    .limit(1_000)
                    .before(page.get(page.size() - 1).id()));
        }
    }

    @Override
    public void close() {
        testEngine.close();
        if (shared != null) {
            shared.close();
        }
        try {
            looking.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
