package io.cloacina.testing.conformance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloacina.api.AlertKind;
import io.cloacina.api.CatchUpPolicy;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.HookSignature;
import io.cloacina.api.InFlight;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryCondition;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.SleepTime;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskCallback;
import io.cloacina.api.TaskOptions;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.TypeOf;
import io.cloacina.api.ValueOperator;
import io.cloacina.cron.CronExpression;
import io.cloacina.cron.CronTimes;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.TaskQuery;
import io.cloacina.engine.model.AesGcmCodec;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.engine.model.AuditOutcome;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.engine.model.AuditedChange;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.PackageSigner;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.CloacinaAssertions;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestEngine;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * On what each public method is called, and with which arguments if none of them is hostile. A new method needs a row, or a
 * reason why it takes anything.
 */
final class ArgumentTable {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Path NO_FILE = Path.of("no-such-file.jar");

    /** Made by the engine, or of a list of values of one element: nobody gives them to a method of the library. */
    private static final Set<String> RESULTS = Set.of(
            "ElementOutcome",
            "TaskOutcome",
            "Execution",
            "ExecutionPage",
            "FailureGroup",
            "Failures",
            "TaskAttempt",
            "TaskExecution",
            "TaskPage",
            "AttemptPage",
            "TaskRun",
            "Occurrence",
            "RecoveryEvent",
            "Runner",
            "Alert",
            "ScheduleState",
            "ScheduleStatistics",
            "StoredPackage",
            "StoredPackage.Problem",
            "AuditEntry",
            "BulkOperation",
            "BulkPreview",
            "Count",
            "EventPage",
            "Problem",
            "Reason",
            "Status",
            "Status.Activity",
            "Status.DatabaseState",
            "Status.Ended",
            "Status.FullLimit",
            "Status.LateSchedule",
            "Status.RunnerState",
            "Status.Stranded",
            "Status.Waiting",
            "StoredEvent.ExecutionEnded",
            "StoredEvent.ExecutionSubmitted",
            "StoredEvent.TaskEnded",
            "StoredWorkflow",
            "StoredWorkflow.Input",
            "StoredWorkflow.Task",
            "WorkflowVersion",
            "CloacinaException");

    /** What the engine asks of its values in packages of its own, where all is checked already. */
    private static final Set<String> FOR_THE_ENGINE = Set.of(
            "ExecutionStateException.compensated(Execution, List, List)",
            "ExecutionStateException.ofChild(Execution, String)",
            "PackageTrust.problem(byte[], String)",
            "Schedule.checkedName(String)",
            "Schedule.of(WorkflowDefinition)",
            "Submission.checkedCarried(Map, String, String)",
            "Submission.checkedKey(String)",
            "Submission.checkedLabels(Map, String, String)",
            "Submission.deadlineFrom(Instant)",
            "Submission.startAfter(Instant)",
            "TaskExecution.with(List)",
            "UnknownVersionException.deleted(String, String)",
            "UnknownWorkflowException.deleted(String)");

    /** What the application implements, and the library calls. */
    private static final Set<String> OF_THE_APPLICATION = Set.of(
            "SleepTime",
            "TaskBody",
            "TaskCallback",
            "WorkflowProvider",
            "EngineListener",
            "ApplicationTransactions",
            "EngineInterceptor",
            "EngineMetrics",
            "PayloadCodec",
            "RetryCondition");

    /** On what, and with what. Of a context it is called inside a body, of options while they are said. */
    record Row(
            Supplier<@Nullable Object> receiver,
            Supplier<Object[]> arguments,
            @Nullable String body,
            @Nullable Consumer<TaskOptions> preparation) {}

    private final Map<String, Row> rows = new HashMap<>();
    private final Trial trial;
    private final KeyPair keys = PackageSigner.newKeys();
    private final AesGcmCodec codec = AesGcmCodec.of(new byte[32], "k1", new byte[32]);

    ArgumentTable(Trial trial) {
        this.trial = trial;
        definitions();
        options();
        contexts();
        cron();
        submissions();
        schedules();
        builders();
        engine();
        taskPages();
        versions();
        operations();
        events();
        audit();
        hooks();
        alerts();
        packages();
        testing();
    }

    Map<String, Row> rows() {
        return rows;
    }

    /** Whether a method needs no row. */
    static boolean isExempt(String signature) {
        String method = signature.replace("new ", "");
        String type = method.substring(0, method.indexOf('('));
        boolean isResult = signature.startsWith("new ")
                && (RESULTS.contains(type) || type.startsWith("EngineEvent.") || type.endsWith("Exception"));
        return isResult
                || FOR_THE_ENGINE.contains(signature)
                || OF_THE_APPLICATION.contains(type.substring(0, Math.max(0, type.indexOf('.'))))
                || type.startsWith("Arguments.")
                // A transaction lives in a lambda only; this hands its connection to the method beside it.
                || signature.equals("WorkflowClient.submit(WriteTransaction, Submission)");
    }

    private void on(Supplier<@Nullable Object> receiver, String signature, Supplier<Object[]> arguments) {
        rows.put(signature, new Row(receiver, arguments, null, null));
    }

    private void on(Supplier<@Nullable Object> receiver, String signature, Object... arguments) {
        on(receiver, signature, () -> arguments);
    }

    private void of(String signature, Object... arguments) {
        on(() -> null, signature, arguments);
    }

    private void definitions() {
        of("new ChildWorkflow(String, String)", "ok", "key");
        of("new CronTrigger(String, String, String)", "s", "0 * * * *", "UTC");
        of("new FanOut(String, int, boolean)", "list", 1, true);
        of("FanOut.taskOf(String)", "task[7]");
        of("new Wait.Signal(String, Duration, boolean)", "s", SECOND, true);
        of("new Wait.Sleep(Duration)", SECOND);
        of("new Wait.SleepUntil(SleepTime)", (SleepTime) context -> Instant.EPOCH);
        of("Limit.atMost(int)", 1);
        of("Limit.starts(int, Duration)", 1, SECOND);
        on(() -> Limit.atMost(1), "Limit.per(String)", "key");
        of("RetryPolicy.fixed(int, Duration)", 2, SECOND);
        of("RetryPolicy.linear(int, Duration)", 2, SECOND);
        of("RetryPolicy.exponential(int, Duration)", 2, SECOND);
        Supplier<@Nullable Object> policy = () -> RetryPolicy.fixed(2, SECOND);
        on(policy, "RetryPolicy.delay(int, double)", 1, 0.5);
        on(policy, "RetryPolicy.jitter(double)", 0.5);
        on(policy, "RetryPolicy.maxDelay(Duration)", SECOND);
        on(policy, "RetryPolicy.retries(Throwable)", new IllegalStateException());
        on(policy, "RetryPolicy.retryIf(RetryCondition)", (RetryCondition) error -> true);
        on(policy, "RetryPolicy.retryOn(Class[])", (Object) new Class<?>[] {RuntimeException.class});
        TriggerCondition condition = TriggerCondition.taskCompleted("before");
        for (String kind : List.of("taskCompleted", "taskFailed", "taskSkipped")) {
            of("TriggerCondition." + kind + "(String)", "before");
        }
        for (String kind : List.of("TaskCompleted", "TaskFailed", "TaskSkipped")) {
            of("new TriggerCondition." + kind + "(String)", "before");
        }
        of("TriggerCondition.contextValue(String, ValueOperator)", "key", ValueOperator.EXISTS);
        of("TriggerCondition.contextValue(String, ValueOperator, Object)", "key", ValueOperator.EQUALS, "value");
        of("new TriggerCondition.ContextValue(String, ValueOperator, Object)", "key", ValueOperator.EQUALS, "value");
        for (String kind : List.of("all", "any", "none")) {
            of("TriggerRule." + kind + "(TriggerCondition[])", (Object) new TriggerCondition[] {condition});
        }
        for (String kind : List.of("All", "Any", "None")) {
            of("new TriggerRule." + kind + "(List)", List.of(condition));
        }
        of("WorkflowDefinition.named(String)", "named");
        of("WorkflowDefinition.of(Object)", "not annotated");
        Supplier<@Nullable Object> definition = () -> Trial.OK;
        on(definition, "WorkflowDefinition.task(String)", "t");
        on(definition, "WorkflowDefinition.ancestors(String)", "t");
        on(definition, "WorkflowDefinition.successors(String)", "t");
        on(
                definition,
                "WorkflowDefinition.ancestorsOf(TaskDefinition)",
                Trial.OK.tasks().get(0));
        on(
                definition,
                "WorkflowDefinition.successorsOf(TaskDefinition)",
                Trial.OK.tasks().get(0));
        on(trial::builder, "WorkflowDefinition.Builder.version(String)", "1");
        on(trial::builder, "WorkflowDefinition.Builder.limit(Limit)", Limit.atMost(1));
        on(trial::builder, "WorkflowDefinition.Builder.code(Class[])", (Object) new Class<?>[] {Trial.class});
        TypeOf<List<String>> texts = new TypeOf<>() {};
        for (String input : List.of("input", "optionalInput")) {
            on(trial::builder, "WorkflowDefinition.Builder." + input + "(String, Class)", "in", String.class);
            on(trial::builder, "WorkflowDefinition.Builder." + input + "(String, TypeOf)", "in", texts);
        }
        on(trial::builder, "WorkflowDefinition.Builder.inFlight(InFlight)", InFlight.PINNED);
        on(trial::builder, "WorkflowDefinition.Builder.deadline(Duration)", SECOND);
        of("new InputDefinition(String, Type, boolean)", "in", String.class, true);
        TaskBody body = context -> {};
        Consumer<TaskOptions> options = task -> {};
        on(trial::builder, "WorkflowDefinition.Builder.task(String, TaskBody)", "t", body);
        on(trial::builder, "WorkflowDefinition.Builder.task(String, TaskBody, Consumer)", "t", body, options);
        on(trial::builder, "WorkflowDefinition.Builder.schedule(String, String, String)", "s", "0 * * * *", "UTC");
        on(() -> trial.builder().build(), "WorkflowDefinition.withVersion(String)", "2");
    }

    private void option(String signature, Consumer<TaskOptions> preparation, Object... arguments) {
        rows.put("TaskOptions." + signature, new Row(() -> null, () -> arguments, null, preparation));
    }

    private void options() {
        Consumer<TaskOptions> none = task -> {};
        option("after(String[])", none, (Object) new String[] {"before"});
        option("after(Collection)", none, List.of("before"));
        option("when(TriggerRule)", task -> task.after("before"), TriggerRule.always());
        option("retry(RetryPolicy)", none, RetryPolicy.NONE);
        option("timeout(Duration)", none, SECOND);
        option("priority(int)", none, 1);
        option("sleep(Duration)", none, SECOND);
        option("sleepUntil(SleepTime)", none, (SleepTime) context -> Instant.EPOCH);
        option("signal(String)", none, "s");
        option("within(Duration)", task -> task.signal("s"), SECOND);
        option("withinOrWithout(Duration)", task -> task.signal("s"), SECOND);
        option("forEach(String)", none, "list");
        option("atOnce(int)", task -> task.forEach("list"), 1);
        option("child(String)", none, "ok");
        option("take(String)", task -> task.child("ok"), "key");
        TypeOf<List<String>> texts = new TypeOf<>() {};
        option("reads(String, Class)", none, "before", String.class);
        option("reads(String, TypeOf)", none, "before", texts);
        option("returns(Class)", none, String.class);
        option("returns(TypeOf)", none, texts);
        option("limit(Limit)", none, Limit.atMost(1));
        option("onCompleted(TaskCallback)", none, (TaskCallback) outcome -> {});
        option("onFailed(TaskCallback)", none, (TaskCallback) outcome -> {});
    }

    private void inBody(String workflow, String signature, Object... arguments) {
        rows.put(signature, new Row(() -> null, () -> arguments, workflow, null));
    }

    private void contexts() {
        TypeOf<List<String>> texts = new TypeOf<>() {};
        for (String method : List.of("find", "get")) {
            inBody("body", "Context." + method + "(String, Class)", "list", List.class);
            inBody("body", "Context." + method + "(String, TypeOf)", "list", texts);
        }
        inBody("body", "TaskContext.put(String, Object)", "key", "value");
        inBody("body", "TaskContext.output(Object)", "value");
        inBody("body", "TaskContext.continueAs(Map)", Map.of());
        inBody("body", "TaskContext.continueAs(String, Map)", "ok", Map.of());
        inBody("element", "TaskContext.element(Class)", String.class);
        inBody("element", "TaskContext.element(TypeOf)", texts);
        for (String method : List.of("signal", "findSignal")) {
            inBody("signal", "TaskContext." + method + "(Class)", String.class);
            inBody("signal", "TaskContext." + method + "(TypeOf)", texts);
        }
    }

    private void cron() {
        CronExpression hourly = CronExpression.parse("0 * * * *");
        CronTimes times = new CronTimes(hourly, ZoneOffset.UTC, null, null);
        of("CronExpression.parse(String)", "0 * * * *");
        on(
                () -> CronExpression.parse("30 2 29 2 MON"),
                "CronExpression.from(LocalDateTime)",
                LocalDateTime.of(2026, 1, 1, 0, 0));
        of(
                "new CronTimes(CronExpression, ZoneId, Instant, Instant)",
                hourly,
                ZoneOffset.UTC,
                Instant.EPOCH,
                Instant.MAX);
        on(() -> times, "CronTimes.next(Instant)", Instant.EPOCH);
        on(() -> times, "CronTimes.last(Instant, Instant)", Instant.EPOCH, ManualClock.DEFAULT_START);
        of("Zones.named(String)", "Europe/Berlin");
    }

    private void submissions() {
        Supplier<@Nullable Object> one = () -> Submission.of("ok");
        of("Submission.of(String)", "ok");
        on(one, "Submission.input(Map)", Map.of());
        on(one, "Submission.input(String, Object)", "key", "value");
        on(one, "Submission.idempotencyKey(String)", "key");
        on(one, "Submission.label(String, String)", "customer", "ada");
        on(one, "Submission.carrying(String, String)", "user", "ada");
        on(one, "Submission.priority(int)", 1);
        on(one, "Submission.delay(Duration)", SECOND);
        on(one, "Submission.startAt(Instant)", ManualClock.DEFAULT_START);
        on(one, "Submission.deadline(Duration)", SECOND);
        on(one, "Submission.deadline(Instant)", ManualClock.DEFAULT_START);
        of("Durations.isShort(String)", "1h30m");
        of("Durations.parse(String)", "1h30m");
        of("Durations.parseDelay(String)", "1h30m");
        of("Durations.shown(Duration)", SECOND);
        on(ExecutionQuery::all, "ExecutionQuery.workflow(String)", "ok");
        on(ExecutionQuery::all, "ExecutionQuery.status(ExecutionStatus)", ExecutionStatus.FAILED);
        on(ExecutionQuery::all, "ExecutionQuery.statuses(List)", List.of(ExecutionStatus.FAILED));
        on(ExecutionQuery::all, "ExecutionQuery.version(String)", "1");
        on(ExecutionQuery::all, "ExecutionQuery.idempotencyKey(String)", "key");
        on(ExecutionQuery::all, "ExecutionQuery.label(String, String)", "customer", "ada");
        on(ExecutionQuery::all, "ExecutionQuery.error(String)", "no truck");
        on(ExecutionQuery::all, "ExecutionQuery.schedule(String)", "nightly");
        on(ExecutionQuery::all, "ExecutionQuery.parent(UUID)", () -> new Object[] {trial.done()});
        on(ExecutionQuery::all, "ExecutionQuery.task(String, List)", "ship", List.of(TaskStatus.FAILED));
        on(ExecutionQuery::all, "ExecutionQuery.since(Instant)", ManualClock.DEFAULT_START);
        on(ExecutionQuery::all, "ExecutionQuery.until(Instant)", ManualClock.DEFAULT_START);
        on(ExecutionQuery::all, "ExecutionQuery.idBeginning(String)", "019c");
        on(ExecutionQuery::all, "ExecutionQuery.ids(Collection)", () -> new Object[] {List.of(trial.done())});
        on(ExecutionQuery::all, "ExecutionQuery.scan(int)", 1);
        on(ExecutionQuery::all, "ExecutionQuery.before(UUID)", () -> new Object[] {trial.done()});
        on(ExecutionQuery::all, "ExecutionQuery.limit(int)", 1);
    }

    private void schedules() {
        Supplier<@Nullable Object> one = () -> Schedule.of("s", "ok");
        of("Schedule.of(String, String)", "s", "ok");
        on(one, "Schedule.cron(String)", "0 * * * *");
        on(one, "Schedule.zone(String)", "Europe/Berlin");
        on(one, "Schedule.zone(ZoneId)", ZoneOffset.UTC);
        on(one, "Schedule.catchUp(CatchUp)", CatchUp.skip());
        on(one, "Schedule.input(Map)", Map.of());
        on(one, "Schedule.between(Instant, Instant)", Instant.EPOCH, ManualClock.DEFAULT_START.plusSeconds(1));
        on(() -> Schedule.of("s", "ok").cron("* * * * * *"), "Schedule.next(Instant, int)", Instant.EPOCH, 1);
        of("new CatchUp(CatchUpPolicy, int, Duration)", CatchUpPolicy.SKIP, 1, Duration.ofHours(1));
        of("CatchUp.runOnce(Duration)", Duration.ofHours(1));
        of("CatchUp.runAll(int, Duration)", 1, Duration.ofHours(1));
        Supplier<@Nullable Object> all = () -> trial.engine().schedules();
        on(all, "Schedules.put(Schedule)", Schedule.of("s", "ok").cron("0 * * * *"));
        for (String method : List.of("find", "enable", "disable", "fire", "delete", "statistics")) {
            on(all, "Schedules." + method + "(String)", trial::schedule);
        }
        on(all, "Schedules.next(String, int)", () -> new Object[] {trial.schedule()[0], 1});
        on(all, "Schedules.history(String, int)", () -> new Object[] {trial.schedule()[0], 1});
    }

    private void builders() {
        Supplier<@Nullable Object> one = () -> trial.engineBuilder();
        of("Engine.builder(String)", trial.url());
        Supplier<EngineBuilder> settings = trial::engineBuilder;
        of("Engine.configuredAtStart(Supplier)", settings);
        of("ManualEngine.configuredAtStart(Supplier)", settings);
        of("TestEngine.configuredAtStart(Supplier, ManualClock)", settings, new ManualClock());
        on(() -> null, "Engine.builder(Database)", () -> new Object[] {trial.shared()});
        on(() -> null, "Engine.builder(DataSource)", () -> new Object[] {trial.dataSource()});
        on(one, "EngineBuilder.workflow(WorkflowDefinition)", () ->
                new Object[] {trial.builder().build()});
        on(one, "EngineBuilder.workflow(Object)", () ->
                new Object[] {trial.builder().build()});
        for (String setting :
                List.of("slots", "maxTasks", "maxWaitingSubmissions", "maxContextBytes", "maxPackageBytes")) {
            on(one, "EngineBuilder." + setting + "(int)", 5_000);
        }
        for (String setting : List.of("grace", "lease", "pollInterval", "retention", "unavailableAfter")) {
            on(one, "EngineBuilder." + setting + "(Duration)", Duration.ofHours(1));
        }
        on(one, "EngineBuilder.packages(PackageTrust)", PackageTrust.any());
        on(one, "EngineBuilder.packageDirectory(Path)", Path.of("target"));
        on(one, "EngineBuilder.payloadCodec(PayloadCodec)", codec);
        on(one, "EngineBuilder.listener(EngineListener)", (EngineListener) event -> {});
        on(one, "EngineBuilder.clock(Clock)", Clock.systemUTC());
        Consumer<JsonMapper.Builder> customizer = mapper -> {};
        on(one, "EngineBuilder.json(Consumer)", customizer);
        Executor executor = body -> new Thread(body).start();
        on(one, "EngineBuilder.executor(Executor)", executor);
        ThreadFactory threads = Thread::new;
        on(one, "EngineBuilder.threads(ThreadFactory)", threads);
        ApplicationTransactions none = new ApplicationTransactions() {
            @Override
            public Optional<Connection> current() {
                return Optional.empty();
            }

            @Override
            public void run(Consumer<Connection> work) {
                throw new IllegalStateException("there is no transaction manager");
            }
        };
        on(one, "EngineBuilder.transactions(ApplicationTransactions)", none);
        on(one, "EngineBuilder.interceptor(EngineInterceptor)", new EngineInterceptor() {});
        on(one, "EngineBuilder.metrics(EngineMetrics)", new EngineMetrics() {});
    }

    private void engine() {
        Supplier<@Nullable Object> engine = trial::engine;
        on(engine, "WorkflowClient.submit(String, Map)", "ok", Map.of());
        on(engine, "WorkflowClient.submit(Submission)", Submission.of("ok"));
        on(engine, "WorkflowClient.submitAll(List)", List.of(Submission.of("ok")));
        on(engine, "WorkflowClient.submit(Connection, Submission)", () ->
                new Object[] {trial.transaction(), Submission.of("ok")});
        on(engine, "WorkflowClient.list(ExecutionQuery)", ExecutionQuery.all());
        on(engine, "WorkflowClient.search(ExecutionQuery)", ExecutionQuery.all());
        on(engine, "WorkflowClient.failures(Instant)", ManualClock.DEFAULT_START);
        on(engine, "WorkflowClient.count(ExecutionQuery)", ExecutionQuery.all());
        for (String method :
                List.of("find", "tasks", "parent", "attempts", "recoveries", "labels", "why", "context", "await")) {
            on(engine, "WorkflowClient." + method + "(UUID)", () -> new Object[] {trial.done()});
        }
        on(engine, "WorkflowClient.tasks(UUID, List)", () ->
                new Object[] {trial.done(), List.of(TaskStatus.COMPLETED)});
        on(engine, "WorkflowClient.await(UUID, Duration)", () -> new Object[] {trial.done(), SECOND});
        on(engine, "WorkflowClient.cancel(UUID)", () -> new Object[] {trial.waiting()});
        on(engine, "WorkflowClient.cancel(UUID, Cancel)", () ->
                new Object[] {trial.waiting(), Cancel.withCompensation()});
        on(engine, "WorkflowClient.pause(UUID)", () -> new Object[] {trial.waiting()});
        on(engine, "WorkflowClient.pause(UUID, String)", () -> new Object[] {trial.waiting(), "why"});
        on(engine, "WorkflowClient.resume(UUID)", () -> new Object[] {trial.paused()});
        on(engine, "WorkflowClient.retry(UUID)", () -> new Object[] {trial.failed()});
        on(engine, "WorkflowClient.delete(UUID)", () -> new Object[] {trial.failed()});
        on(engine, "WorkflowClient.restart(UUID)", () -> new Object[] {trial.done()});
        on(engine, "WorkflowClient.restart(Restart)", () -> new Object[] {Restart.of(trial.done())});
        on(() -> null, "Restart.of(UUID)", () -> new Object[] {trial.done()});
        Supplier<@Nullable Object> restart = () -> Restart.of(trial.done());
        on(restart, "Restart.from(String)", "t");
        on(restart, "Restart.input(Map)", Map.of());
        on(engine, "WorkflowClient.retry(UUID, RetryMode)", () ->
                new Object[] {trial.failed(), RetryMode.unlessCompensated()});
        on(engine, "WorkflowClient.signal(UUID, String, Object)", () -> new Object[] {trial.waiting(), "s", "value"});
        on(engine, "WorkflowClient.signal(UUID, String, Object, String)", () ->
                new Object[] {trial.waiting(), "s", "value", "k"});
    }

    private void taskPages() {
        Supplier<@Nullable Object> all = () -> trial.engine().taskPages();
        for (String method : List.of("list", "begun", "attempts")) {
            on(all, "TaskPages." + method + "(TaskQuery)", () -> new Object[] {TaskQuery.of(trial.done())});
        }
        for (String method : List.of("counts", "ofDefinition")) {
            on(all, "TaskPages." + method + "(UUID)", () -> new Object[] {trial.done()});
        }
        on(() -> null, "TaskQuery.of(UUID)", () -> new Object[] {trial.done()});
        Supplier<@Nullable Object> query = () -> TaskQuery.of(trial.done());
        on(query, "TaskQuery.statuses(List)", List.of(TaskStatus.FAILED));
        on(query, "TaskQuery.name(String)", "t");
        on(query, "TaskQuery.after(String)", () -> new Object[] {trial.done().toString()});
        on(query, "TaskQuery.limit(int)", 1);
    }

    private void versions() {
        Supplier<@Nullable Object> all = () -> trial.engine().versions();
        on(all, "Versions.list(String)", "ok");
        on(all, "Versions.find(String, String)", "ok", "1");
        on(all, "Versions.differences(String, String, String)", "ok", "1", "1");
        on(all, "Versions.migrate(UUID, String)", () -> {
            UUID id = trial.waiting();
            return new Object[] {id, trial.engine().find(id).orElseThrow().version()};
        });
    }

    private void operations() {
        Supplier<@Nullable Object> all = () -> trial.engine().operations();
        ExecutionQuery none = ExecutionQuery.all().workflow("none");
        on(all, "BulkOperations.preview(ExecutionQuery, BulkAction)", none, BulkAction.cancel());
        on(all, "BulkOperations.start(ExecutionQuery, BulkAction)", none, BulkAction.cancel());
        on(all, "BulkOperations.start(ExecutionQuery, BulkAction, String)", none, BulkAction.cancel(), "ada");
        on(
                all,
                "BulkOperations.start(ExecutionQuery, BulkAction, String, String)",
                none,
                BulkAction.cancel(),
                "ada",
                "key");
        on(all, "BulkOperations.find(UUID)", () -> new Object[] {trial.done()});
        on(all, "BulkOperations.list(int)", 1);
        on(all, "BulkOperations.stop(UUID)", () ->
                new Object[] {trial.engine().operations().start(none, BulkAction.cancel())});
        of("BulkAction.cancel(Cancel)", Cancel.withCompensation());
        of("BulkAction.pause(String)", "why");
        of("BulkAction.retry(RetryMode)", RetryMode.unlessCompensated());
        of("BulkAction.restartFrom(String)", "t");
        on(BulkAction::delete, "BulkAction.fits(ExecutionStatus)", ExecutionStatus.FAILED);
    }

    private void events() {
        Supplier<@Nullable Object> enabled = () -> {
            trial.engine().events().enable();
            return trial.engine().events();
        };
        on(enabled, "Events.after(EventCursor, int)", EventCursor.beginning(), 1);
        on(EventCursor::beginning, "EventCursor.compareTo(EventCursor)", EventCursor.beginning());
        of("EventCursor.since(Instant)", ManualClock.DEFAULT_START);
        of("EventCursor.parse(String)", EventCursor.beginning().toString());
    }

    private void audit() {
        Supplier<@Nullable Object> all = () -> trial.engine().audit();
        AuditedChange change = new AuditedChange("ada", "ADMIN", "127.0.0.1", "POST /executions", "a");
        AuditOutcome outcome = new AuditOutcome(200, "ROLE", "a");
        on(all, "AuditLog.begin(AuditedChange)", change);
        on(all, "AuditLog.refused(AuditedChange, AuditOutcome)", change, outcome);
        on(all, "AuditLog.end(UUID, AuditOutcome)", () -> new Object[] {trial.done(), outcome});
        on(all, "AuditLog.list(AuditQuery)", AuditQuery.all());
        of("new AuditedChange(String, String, String, String, String)", "ada", "ADMIN", "127.0.0.1", "POST", "a");
        of("new AuditOutcome(int, String, String)", 200, "ROLE", "a");
        on(AuditQuery::all, "AuditQuery.user(String)", "ada");
        on(AuditQuery::all, "AuditQuery.about(String)", "a");
        on(AuditQuery::all, "AuditQuery.before(UUID)", () -> new Object[] {trial.done()});
        on(AuditQuery::all, "AuditQuery.limit(int)", 1);
    }

    private void hooks() {
        Supplier<@Nullable Object> all = () -> trial.engine().hooks();
        Hook hook = Hook.of("h", "ok", HookSignature.GITHUB);
        of("Hook.of(String, String, HookSignature)", "h", "ok", HookSignature.GITHUB);
        of("Hook.checkedName(String)", "h");
        of("new Hook(String, String, HookSignature, Map)", "h", "ok", HookSignature.STRIPE, Hook.WHOLE_BODY);
        on(all, "Hooks.put(Hook, String)", hook, "0123456789abcdef");
        on(all, "Hooks.change(Hook)", () -> {
            trial.engine().hooks().put(hook, "0123456789abcdef");
            return new Object[] {hook};
        });
        on(all, "Hooks.find(String)", "h");
        on(all, "Hooks.delete(String)", "h");
        on(all, "Hooks.accept(String, Function, byte[])", () -> {
            trial.engine().hooks().put(hook, "0123456789abcdef");
            Map<String, String> headers = Map.of(
                    "X-Hub-Signature-256",
                    "sha256=f91e3e9f05cc2df64ac1c26f8adccdffda8d1e4a7a8c50a1a08eeadac6ddfec5",
                    "X-GitHub-Delivery",
                    "1");
            Function<String, @Nullable String> header = headers::get;
            return new Object[] {"h", header, new byte[] {'{', '}'}};
        });
    }

    private void alerts() {
        Supplier<@Nullable Object> all = () -> trial.engine().alerts();
        String url = "http://127.0.0.1:9/";
        AlertRule rule = AlertRule.stranded("a", url, 1);
        Set<ExecutionStatus> failed = Set.of(ExecutionStatus.FAILED);
        Duration hour = Duration.ofHours(1);
        of("AlertRule.failureRate(String, String, String, int, int, Duration)", "a", url, "ok", 50, 10, hour);
        of("AlertRule.oldestReady(String, String, Duration)", "a", url, hour);
        of("AlertRule.stranded(String, String, int)", "a", url, 1);
        of("AlertRule.scheduleLate(String, String, Duration)", "a", url, hour);
        of("AlertRule.executionEnded(String, String, String, Set)", "a", url, "ok", failed);
        of("AlertRule.checkedName(String)", "a");
        of("AlertRule.parsedUrl(String)", url);
        of(
                "new AlertRule(String, AlertKind, URI, String, int, int, Duration, Set)",
                "a",
                AlertKind.FAILURE_RATE,
                AlertRule.parsedUrl(url),
                "ok",
                50,
                10,
                hour,
                Set.of());
        on(all, "Alerts.put(AlertRule, String)", rule, "0123456789abcdef");
        on(all, "Alerts.put(AlertRule)", rule);
        on(all, "Alerts.find(String)", "a");
        on(all, "Alerts.delete(String)", "a");
        for (String each : List.of("enable", "disable", "test")) {
            on(all, "Alerts." + each + "(String)", () -> {
                trial.engine().alerts().put(rule);
                return new Object[] {"a"};
            });
        }
    }

    private void packages() {
        Supplier<@Nullable Object> all = () -> trial.engine().packages();
        byte[] jar = PackageJars.of("invoices", "1", "invoice", "").jar();
        of("AesGcmCodec.of(byte[], String, byte[])", new byte[32], "k1", new byte[32]);
        of("AesGcmCodec.ofFile(Path)", NO_FILE);
        on(() -> codec, "AesGcmCodec.andDecodes(String, byte[])", "k2", new byte[32]);
        PackageSigner signer = PackageSigner.of(keys.getPrivate());
        on(all, "Packages.upload(byte[], String)", jar, signer.sign(jar));
        on(all, "Packages.upload(Path)", NO_FILE);
        on(all, "Packages.upload(Path, Path)", NO_FILE, NO_FILE);
        of("Packages.workflowsOf(Path)", NO_FILE);
        for (String method : List.of("find", "content", "delete")) {
            on(all, "Packages." + method + "(String, String)", "invoices", "1");
        }
        of("PackageSigner.of(Path)", NO_FILE);
        of("PackageSigner.of(PrivateKey)", keys.getPrivate());
        of("PackageSigner.pem(PrivateKey)", keys.getPrivate());
        of("PackageSigner.pem(PublicKey)", keys.getPublic());
        on(() -> signer, "PackageSigner.sign(byte[])", (Object) jar);
        of("PackageTrust.keys(Collection)", List.<PublicKey>of(keys.getPublic()));
        of("PackageTrust.keyFiles(Path[])", (Object) new Path[] {NO_FILE});
    }

    private void testing() {
        Supplier<@Nullable Object> clock = ManualClock::new;
        of("new ManualClock(Instant)", ManualClock.DEFAULT_START);
        on(clock, "ManualClock.set(Instant)", ManualClock.DEFAULT_START);
        on(clock, "ManualClock.advance(Duration)", SECOND);
        on(clock, "ManualClock.withZone(ZoneId)", ZoneId.of("Europe/Berlin"));
        of("TestDatabase.create(Backend)", Backend.SQLITE);
        of("TestEngine.on(String)", trial.url());
        on(() -> null, "TestEngine.on(Database)", () -> new Object[] {trial.shared()});
        Supplier<@Nullable Object> builder = () -> TestEngine.on(trial.url());
        Consumer<EngineBuilder> setting = engine -> engine.slots(1);
        on(builder, "TestEngine.Builder.workflow(WorkflowDefinition)", () ->
                new Object[] {trial.builder().build()});
        on(builder, "TestEngine.Builder.workflow(Object)", () ->
                new Object[] {trial.builder().build()});
        on(builder, "TestEngine.Builder.clock(ManualClock)", new ManualClock());
        on(builder, "TestEngine.Builder.configure(Consumer)", setting);
        Supplier<@Nullable Object> engine = trial::testEngine;
        on(engine, "TestEngine.advance(Duration)", SECOND);
        for (String method : List.of("run", "submit")) {
            on(engine, "TestEngine." + method + "(String)", "ok");
            on(engine, "TestEngine." + method + "(String, Map)", "ok", Map.of());
            on(engine, "TestEngine." + method + "(Submission)", Submission.of("ok"));
        }
        on(engine, "TestEngine.execution(UUID)", () -> new Object[] {trial.done()});
        on(engine, "TestEngine.tasks(UUID)", () -> new Object[] {trial.done()});
        on(engine, "TestEngine.task(UUID, String)", () -> new Object[] {trial.done(), "t"});
        on(engine, "TestEngine.context(UUID)", () -> new Object[] {trial.done()});
        on(engine, "TestEngine.signal(UUID, String, Object)", () -> new Object[] {trial.waiting(), "s", "value"});
        assertions();
    }

    private void assertions() {
        Supplier<@Nullable Object> ofExecution = () -> CloacinaAssertions.assertThat(trial.engine(), trial.failed());
        Supplier<@Nullable Object> ofTask = () ->
                CloacinaAssertions.assertThat(trial.engine(), trial.failed()).hasTask("t");
        String assertThat = "CloacinaAssertions.assertThat";
        on(() -> null, assertThat + "(WorkflowClient, UUID)", () -> new Object[] {trial.engine(), trial.done()});
        on(() -> null, assertThat + "(TestEngine, UUID)", () -> new Object[] {trial.testEngine(), trial.done()});
        on(() -> null, assertThat + "(Execution)", () ->
                new Object[] {trial.engine().find(trial.done()).orElseThrow()});
        on(() -> null, assertThat + "(TaskExecution)", () ->
                new Object[] {trial.engine().tasks(trial.done()).get(0)});
        on(ofExecution, "ExecutionAssert.hasStatus(ExecutionStatus)", ExecutionStatus.FAILED);
        on(ofExecution, "ExecutionAssert.hasTask(String)", "t");
        on(ofExecution, "ExecutionAssert.skipped(String)", "t");
        on(ofExecution, "ExecutionAssert.because(String)", "failed");
        on(ofExecution, "ExecutionAssert.hasValue(String, Object)", "n", 1);
        on(ofTask, "TaskExecutionAssert.hasStatus(TaskStatus)", TaskStatus.FAILED);
        on(ofTask, "TaskExecutionAssert.because(String)", "failed");
        on(ofTask, "TaskExecutionAssert.dueAt(Instant)", Instant.EPOCH);
        on(ofTask, "TaskExecutionAssert.onAttempt(int)", 1);
    }
}
