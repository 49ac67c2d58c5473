package io.cloacina.engine;

import io.cloacina.api.Context;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.host.Processes;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.packages.PackageFiles;
import io.cloacina.engine.internal.packages.PackageLoader;
import io.cloacina.engine.internal.packages.PackageLoading;
import io.cloacina.engine.internal.packages.PackageRemoval;
import io.cloacina.engine.internal.packages.PackageWatch;
import io.cloacina.engine.internal.packages.Reconciler;
import io.cloacina.engine.internal.run.AlertRounds;
import io.cloacina.engine.internal.run.BodyTransactions;
import io.cloacina.engine.internal.run.Dispatcher;
import io.cloacina.engine.internal.run.EventPublisher;
import io.cloacina.engine.internal.run.JoinedRechecks;
import io.cloacina.engine.internal.run.Maintenance;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.run.TaskExecutor;
import io.cloacina.engine.internal.run.TaskPhases;
import io.cloacina.engine.internal.run.TaskRunner;
import io.cloacina.engine.internal.write.CompletionWaiters;
import io.cloacina.engine.internal.write.ContextLoader;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.internal.write.GroupTransaction;
import io.cloacina.engine.internal.write.Interceptors;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.Liveness;
import io.cloacina.engine.internal.write.Meter;
import io.cloacina.engine.internal.write.NotificationSender;
import io.cloacina.engine.internal.write.Notifier;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.internal.write.Transactions;
import io.cloacina.engine.internal.write.TransientRetry;
import io.cloacina.engine.internal.write.UnpublishedSubmissions;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.Subscription;
import io.cloacina.schema.database.Use;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of an engine, put together; started and stopped in order. */
final class EngineRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineRuntime.class);

    private final SharedParts parts;
    private final Mode mode;
    private final CountDownLatch begunClosing = new CountDownLatch(1);
    private final TransientRetry transientRetry = new TransientRetry(begunClosing);
    private final TaskExecutor executor;
    private final EventPublisher publisher;
    private final Steps steps;
    private final ContextLoader contexts;
    private final Dispatcher dispatcher;
    private final WriteLanes lanes;
    private final Maintenance maintenance;
    private final @Nullable AlertRounds alerts;
    private final JoinedRechecks joined;
    private final PackageFiles packageFiles;
    private final @Nullable PackageWatch packages;
    private final Closing closing;
    private final Deque<Runnable> manualNext = new ArrayDeque<>();
    private volatile @Nullable Subscription subscription;
    // Null if the engine closes the database.
    private @Nullable Use use;
    private volatile boolean isBegun;

    EngineRuntime(Database database, List<WorkflowDefinition> definitions, Settings settings, Mode mode) {
        this(database, definitions, settings, mode, own -> new Timer(!mode.hasThreads(), own));
    }

    EngineRuntime(
            Database database,
            List<WorkflowDefinition> definitions,
            Settings settings,
            Mode mode,
            Function<OwnThreads, Timer> timers) {
        this.mode = mode;
        boolean alerting = settings.host().alerts() && mode.runsTasks();
        Stream<WorkflowDefinition> delivering =
                alerting ? Stream.of(new AlertDelivery(database, settings.clock()).workflow()) : Stream.empty();
        Workflows workflows = new Workflows(
                Stream.concat(definitions.stream(), delivering).toList(), settings.maxTasks(), settings.json());
        OwnThreads own = new OwnThreads();
        Timer timer = timers.apply(own);
        NotificationSender.DelayedExecutor delayed =
                mode == Mode.MANUAL ? (delay, work) -> work.run() : timer::notifyAfter;
        Notifier notifier = new Notifier(NotificationSender.of(database, delayed));
        this.parts = new SharedParts(
                database,
                settings,
                workflows,
                new Definitions(database, workflows, settings.clock()),
                Lease.of(database, settings, workflows::json, notifier),
                new ClaimableWorkflows(),
                new Slots(settings.slots()),
                new Meter(settings.host().metrics()),
                new UnpublishedSubmissions(settings.hasListeners()),
                notifier,
                new CompletionWaiters(),
                timer,
                own);
        this.contexts = new ContextLoader(database);
        this.executor = new TaskExecutor(settings, database);
        this.publisher = EventPublisher.of(parts, mode.hasThreads(), transientRetry::isOver);
        Liveness liveness = new Liveness(Processes.OF_THIS_HOST, parts.lease()::isFresh, System::nanoTime);
        Interceptors interceptors = settings.host().interceptors();
        boolean isManual = !mode.hasThreads();
        this.steps = Steps.of(parts, liveness, contexts, interceptors, isManual);
        TaskPhases phases = new TaskPhases(
                database,
                contexts,
                parts.definitions(),
                transientRetry,
                settings.clock(),
                settings.json(),
                new TaskPhases.Bounds(settings.maxContextBytes(), settings.maxTasks()));
        TaskRunner runner = new TaskRunner(
                contexts, phases, interceptors, transientRetry, timer, settings.clock(), publisher::started);
        this.dispatcher = new Dispatcher(parts, contexts, runner, publisher, new DispatcherWakeups(this), this::start);
        GroupTransaction groupTransaction = steps.groupTransaction();
        Transactions transactions = new Transactions(parts, groupTransaction);
        this.lanes = new WriteLanes(
                parts,
                transactions,
                transientRetry,
                dispatcher::act,
                mode.hasThreads() ? null : publisher::makeWaitingCalls);
        dispatcher.setLanes(
                lanes,
                new BodyTransactions(transactions, groupTransaction, lanes, parts.lease(), runner, transientRetry));
        this.maintenance = new Maintenance(parts, lanes, dispatcher, steps, isManual);
        this.alerts = alerting
                ? new AlertRounds(parts, lanes, steps.submitter(), () -> maintenance.isOldestWith(AlertRule.DELIVERY))
                : null;
        this.joined = JoinedSubmitter.rechecks(this);
        this.packageFiles = new PackageFiles(database, settings.packageDirectory(), settings.maxPackageBytes());
        this.packages = settings.trust() == null ? null : watch(settings.trust());
        this.closing = new Closing(this, executor, () -> {
            // First of all, so that DispatcherWakeups, which allows claims again, sees it.
            begunClosing.countDown();
            parts.lease().tellClosing();
            parts.meter().stopped();
            lanes.claim(false);
            parts.waiters().wakeAll();
        });
    }

    private PackageWatch watch(PackageTrust trust) {
        PackageLoader loader = new PackageLoader(trust, packageFiles, parts.settings());
        Reconciler reconciler = new Reconciler(
                parts,
                lanes,
                new PackageRemoval(lanes, parts.lease(), packageFiles),
                new PackageLoading(loader, PackageLoader.LOADED_WITHIN),
                mode.runsTasks());
        return new PackageWatch(
                reconciler,
                parts,
                new Schedules(() -> this)::put,
                maintenance,
                mode,
                PackageLoader.LOADED_WITHIN,
                this::isNotified);
    }

    /** The application closes the database, but only after the engine; call before the start. */
    void leaveDatabaseOpen() {
        use = parts.database().use(mode.runsTasks() ? "an engine that runs tasks" : "an engine of a client");
    }

    /** Takes a lease, recovers the tasks of dead runners, and begins to work. */
    void start() {
        try {
            begin();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void begin() {
        if (!mode.runsTasks()) {
            lanes.claim(false);
            isBegun = true;
            // A client does not observe other processes, so it always sends notifications.
            parts.notifier().hasOthers(true);
            loadPackages();
            return;
        }
        transientRetry.tryAFewTimes("storing definitions", parts.definitions()::store);
        transientRetry.tryAFewTimes("taking a lease", parts.lease()::register);
        lanes.start();
        publisher.start();
        isBegun = true;
        loadPackages();
        transientRetry.tryAFewTimes("looking for children", parts.definitions()::warnOfChildren);
        maintenance.begin();
        if (mode.hasThreads()) {
            if (packages != null) {
                packages.start();
            }
            maintenance.start();
            if (alerts != null) {
                alerts.start();
            }
            subscription = parts.database().listen(this::notified);
        } else {
            lanes.claim(false);
        }
    }

    /** Logs one line about the engine that has started. */
    void logStart() {
        if (mode.runsTasks()) {
            LOG.info(
                    "started Cloacina {} on {}: runner {} with {} slots and workflows {}",
                    Objects.requireNonNullElse(Engine.class.getPackage().getImplementationVersion(), "(not packaged)"),
                    parts.database(),
                    parts.lease().runner(),
                    parts.slots().all(),
                    String.join(", ", Workflows.labels(parts.workflows().json())));
        }
    }

    /** The input of an execution and everything that its tasks have written. */
    Context context(UniversalUuid execution) {
        return new JsonContext(
                parts.settings().json(), contexts.loadAll(execution), "the context of execution " + execution);
    }

    /** The workflows that can be submitted here now, by name. */
    List<WorkflowDefinition> workflows() {
        lookAtPackages();
        return parts.workflows().submitted().stream().map(Workflow::definition).toList();
    }

    /** Evaluates the rules of alerts once, if this engine evaluates alerts. */
    void evaluateAlerts() {
        if (alerts != null) {
            alerts.round();
        }
    }

    /** The packages that this engine follows; null if it loads none. */
    @Nullable
    PackageWatch packages() {
        return packages;
    }

    /** Lets a client check for packages when it is used, except within a transaction of the application. */
    void lookAtPackages() {
        if (packages != null && mode == Mode.CLIENT && !parts.database().isHeldByThisThread()) {
            packages.lookIfOld();
        }
    }

    /** Loads the packages before the engine starts to work. */
    void loadPackages() {
        if (packages != null) {
            packages.lookFirst();
        }
    }

    PackageFiles packageFiles() {
        return packageFiles;
    }

    SharedParts parts() {
        return parts;
    }

    EventPublisher publisher() {
        return publisher;
    }

    Steps steps() {
        return steps;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    WriteLanes lanes() {
        return lanes;
    }

    JoinedRechecks joined() {
        return joined;
    }

    Maintenance maintenance() {
        return maintenance;
    }

    Mode mode() {
        return mode;
    }

    OwnThreads own() {
        return parts.own();
    }

    boolean isClosing() {
        return begunClosing.getCount() == 0;
    }

    /** Whether the engine can be used: from the moment when it can write until closing has ended. */
    boolean isOpen() {
        return isBegun && !closing.hasEnded();
    }

    /** Waits until closing has ended; false if this thread must not wait, or closing did not end in time. */
    boolean awaitClosed() {
        closing.close();
        return closing.hasEnded();
    }

    /** See {@link Closing}. */
    @Override
    public void close() {
        closing.close();
    }

    /** Closes the database within that time; if the application closes it, only ends the use of it. */
    void leaveDatabase(Duration atMost) {
        Subscription open = subscription;
        Use ofApplications = use;
        if (ofApplications == null) {
            parts.database().closeWithin(atMost);
            return;
        }
        if (open != null) {
            open.closeWithin(atMost);
        }
        ofApplications.close();
    }

    /** Renews the lease for an engine without threads, where no later heartbeat would retry it. */
    void renewLease() {
        transientRetry.tryAFewTimes("renewing the lease", () -> {
            parts.lease().renew();
            return parts.lease().runner();
        });
    }

    /** Whether notifications of other processes arrive now, with their texts. */
    boolean isNotified() {
        Subscription open = subscription;
        return open != null && open.deliversText();
    }

    private void notified(String text) {
        if (!isClosing()) {
            parts.own().run(OwnThreads.Work.OTHER, () -> Notifier.read(text, new NotificationHandler(this)));
        }
    }

    /** Runs the bodies of claimed tasks, and of tasks that are claimed meanwhile, in sequence; whether there were any. */
    boolean runBodiesManually() {
        boolean ran = false;
        for (Runnable next = manualNext.poll(); next != null; next = manualNext.poll()) {
            next.run();
            ran = true;
        }
        return ran;
    }

    private void start(boolean isTransactional, Runnable body, Consumer<Throwable> refused) {
        if (mode.hasThreads()) {
            executor.run(isTransactional, body, refused);
        } else {
            manualNext.add(body);
        }
    }
}
