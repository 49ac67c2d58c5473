package io.cloacina.engine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.json.Payloads;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.PayloadCodec;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.sql.Statements;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the settings of an engine; see {@link Engine#builder}. Not thread safe. */
public final class EngineBuilder {
    /** Longer than any execution is kept. */
    private static final Duration FOREVER = Duration.ofDays(365_000);

    static final String INVALID = ErrorCodes.INVALID_SETTING;

    /** The default maximum size of a package, in bytes. */
    static final int MAX_PACKAGE_BYTES = 32 << 20;

    private final Function<Statements[], Database> opening;
    private final boolean closesDatabase;
    private final WorkflowsOfBuilder workflows = new WorkflowsOfBuilder();
    private final List<EngineListener> listeners = new ArrayList<>();
    private int slots = Math.max(32, 8 * Runtime.getRuntime().availableProcessors());
    private Duration grace = Duration.ofSeconds(10);
    private Duration lease = Lease.DEFAULT_DURATION;
    private Duration pollInterval = Duration.ofSeconds(10);
    private Duration retention = Duration.ofDays(30);
    private Duration unavailableAfter = FOREVER;
    private int maxContextBytes = 4 << 20;
    private int maxTasks = 20_000;
    private int maxWaitingSubmissions = 10_000;
    private @Nullable PackageTrust trust;
    private @Nullable Path packageDirectory;
    private int maxPackageBytes = MAX_PACKAGE_BYTES;
    private Clock clock = Clock.systemUTC();
    private Mode mode = Mode.RUNNER;
    private final HostBuilder host = new HostBuilder();

    /** {@code closesDatabase}: whether the engine closes the database that {@code opening} returns. */
    EngineBuilder(Function<Statements[], Database> opening, boolean closesDatabase) {
        this.opening = opening;
        this.closesDatabase = closesDatabase;
    }

    /**
     * Adds a workflow that this engine submits and runs.
     *
     * @throws CloacinaException if the engine already has a workflow of that name
     */
    public EngineBuilder workflow(WorkflowDefinition definition) {
        workflows.add(definition);
        return this;
    }

    /**
     * Adds a workflow that is written as an annotated class, given an instance of that class; see
     * {@link WorkflowDefinition#of}. A {@link WorkflowDefinition} is accepted as well.
     *
     * @throws CloacinaException if there is no generated definition of its class, or its definition is not valid
     */
    public EngineBuilder workflow(Object annotated) {
        workflows.add(annotated);
        return this;
    }

    /**
     * Sets how many tasks run at once in this process, from 1 to 10,000. Default: eight for each processor, at least
     * 32. Set more for very short tasks, which spend most of their time waiting for commits; set fewer for tasks that
     * need much memory or processor time.
     */
    public EngineBuilder slots(int number) {
        slots = requireRange("slots", number, 1, 10_000);
        return this;
    }

    /**
     * Sets the grace period: how long stopping waits for running tasks before it interrupts them. Default: 10 s. More
     * than 36,500 days means forever.
     */
    public EngineBuilder grace(Duration given) {
        grace = Arguments.atLeast(INVALID, "grace", given, Duration.ZERO);
        return this;
    }

    /**
     * Sets the lease: how long a runner may be silent before other runners take over its tasks, from 1 s to 36,500
     * days. Default: 15 s. It is renewed three times in that time. It must be longer than any pause of the process
     * (garbage collection, a suspended machine).
     */
    public EngineBuilder lease(Duration given) {
        lease = Arguments.duration(INVALID, "lease", given, Duration.ofSeconds(1));
        return this;
    }

    /**
     * Sets how often to poll for work that no notification announced, at least 10 ms. Default: 10 s. More than 36,500
     * days means never. Polling is a safety net: the engine knows of the work of its own process without it, and other
     * processes send notifications, except through a PostgreSQL pooler that shares sessions.
     */
    public EngineBuilder pollInterval(Duration given) {
        pollInterval = Arguments.atLeast(INVALID, "pollInterval", given, Duration.ofMillis(10));
        return this;
    }

    /**
     * Sets how long finished executions are kept with all their rows, from 1 minute to 36,500 days. Default: 30 days.
     * See also {@link #keepForever}.
     */
    public EngineBuilder retention(Duration given) {
        Duration known = Arguments.atLeast(INVALID, "retention", given, Duration.ofMinutes(1));
        if (known.compareTo(Arguments.LONGEST) > 0) {
            throw new CloacinaException(
                    INVALID,
                    "retention must be at most " + Arguments.LONGEST.toDays() + " days, but is " + Arguments.span(given)
                            + ": call keepForever()");
        }
        retention = known;
        return this;
    }

    /** Keeps finished executions forever. */
    public EngineBuilder keepForever() {
        retention = FOREVER;
        return this;
    }

    /**
     * Sets how long an execution waits for a runner that can continue it before it fails, from 1 minute to 36,500 days.
     * Such a runner has the workflow in the execution's version, or in a newer version that is compatible with its
     * unfinished tasks. Default: forever.
     */
    public EngineBuilder unavailableAfter(Duration given) {
        unavailableAfter = Arguments.duration(INVALID, "unavailableAfter", given, Duration.ofMinutes(1));
        return this;
    }

    /**
     * Sets the maximum size of the input of an execution, and of the output of one task, in bytes of JSON, from 1,000
     * to 1 GiB. Default: 4 MiB.
     */
    public EngineBuilder maxContextBytes(int bytes) {
        maxContextBytes = requireRange("maxContextBytes", bytes, 1_000, 1 << 30);
        return this;
    }

    /**
     * Sets how many tasks a workflow, and how many elements the list of a fan-out, may have, up to 100,000. Default:
     * 20,000.
     */
    public EngineBuilder maxTasks(int number) {
        maxTasks = requireRange("maxTasks", number, 1, WorkflowDefinition.MAX_TASKS);
        return this;
    }

    /**
     * Sets how many submissions may wait to be written, from 1 to 1,000,000; further callers of {@code submit} block
     * until there is room. Default: 10,000.
     */
    public EngineBuilder maxWaitingSubmissions(int number) {
        maxWaitingSubmissions = requireRange("maxWaitingSubmissions", number, 1, 1_000_000);
        return this;
    }

    /**
     * Loads the packages in the database that {@code trusted} accepts, also later ones, and runs their workflows.
     * Default: none. A package is code, which runs with all the rights of this process. See {@link Packages}.
     */
    public EngineBuilder packages(PackageTrust trusted) {
        trust = Arguments.given("the trust in packages", trusted);
        return this;
    }

    /**
     * Stores the bytes of packages that are uploaded by this engine in files in that directory, which all processes
     * must share. It is created when needed. Default: they are stored in the database.
     */
    public EngineBuilder packageDirectory(Path directory) {
        packageDirectory = Arguments.given("the directory of packages", directory);
        return this;
    }

    /**
     * Sets the maximum size of a package in bytes, from 1,000 to 1 GiB; unpacked it may have eight times as many.
     * Default: 32 MiB.
     */
    public EngineBuilder maxPackageBytes(int bytes) {
        maxPackageBytes = requireRange("maxPackageBytes", bytes, 1_000, 1 << 30);
        return this;
    }

    /**
     * Customizes the JSON mapper of this engine, which converts inputs, outputs and signals: adds modules, mix-ins,
     * subtypes and the like. The mapper is not shared with other engines. The customizer is called by {@link #build},
     * and again after a package was unloaded; several customizers are called in the order in which they were added.
     * Default: none; records, collections, {@code java.time}, {@code Optional} and sealed types work without one.
     *
     * <p>All engines that share a database, in all versions of the program, must write compatible JSON.
     *
     * <pre>{@code
     * builder.json(mapper -> mapper.addModule(new MoneyModule()));
     * }</pre>
     */
    public EngineBuilder json(Consumer<JsonMapper.Builder> customizer) {
        host.jsonCustomizers.add(Arguments.given("the customizer of JSON", customizer));
        return this;
    }

    /**
     * Encodes the values and texts of users before they are stored, and decodes them, such as with {@link
     * io.cloacina.engine.model.AesGcmCodec}. Default: none. Values that were stored without a codec stay readable.
     * Every engine on a database needs a codec that decodes what the others encode.
     */
    public EngineBuilder payloadCodec(PayloadCodec codec) {
        host.payloads = new Payloads(Arguments.given("the payload codec", codec));
        return this;
    }

    /**
     * Sets the executor that runs the bodies of tasks. The engine hands over at most as many as there are
     * {@link #slots}, and of transactional tasks only as many as its connections allow. Default: a virtual thread for
     * each body where the JVM has them, otherwise a pool of the engine.
     *
     * <p>A body that waits in the executor keeps its slot and is safe: the lease is renewed meanwhile, and its timeout
     * starts with the body. A body that the executor refuses is released without a failed attempt, and the engine stops
     * claiming for 250 ms, or for up to 4 s while no body begins or runs; the body runs later or elsewhere. A refusal
     * takes a number of attempt, and none of those that the retry policy allows. An executor must not drop a body that
     * it accepted, nor run it in the thread that hands it over. The application owns it: stopping the engine does not
     * shut it down, but waits for its bodies within the grace period. An engine that is driven manually does not use
     * it.
     */
    public EngineBuilder executor(Executor given) {
        host.executor = Arguments.given("the executor", given);
        return this;
    }

    /**
     * Sets the factory of the threads that run bodies: the engine then uses a pool of at most {@link #slots} threads,
     * and a small one for transactional tasks. A thread that is idle for a few seconds ends. The factory decides names,
     * priorities and whether threads are daemons. A factory that returns null refuses the body, as an {@link #executor}
     * does. Default: as for {@link #executor}; only one of the two can be given.
     */
    public EngineBuilder threads(ThreadFactory given) {
        host.threads = Arguments.given("the thread factory", given);
        return this;
    }

    /**
     * Lets submissions and transactional tasks take part in the application's transactions on the engine's database. A
     * submission joins the transaction of its thread: it is committed or rolled back with it, and starts after the
     * commit. The body of a transactional task runs in a transaction that the application's manager begins. Within such
     * a transaction, other calls that write or wait are refused. Default: none; the engine uses transactions of its
     * own. An engine that is driven manually uses them, too.
     */
    public EngineBuilder transactions(ApplicationTransactions given) {
        host.transactions = Arguments.given("the transactions of the application", given);
        return this;
    }

    /** Adds code that runs around submissions and bodies, inside earlier interceptors. Default: none. */
    public EngineBuilder interceptor(EngineInterceptor interceptor) {
        host.interceptors.add(Arguments.given("the interceptor", interceptor));
        return this;
    }

    /** Adds a consumer of measurements, such as that of {@code cloacina-micrometer}. Default: none. */
    public EngineBuilder metrics(EngineMetrics measuring) {
        host.metrics.add(Arguments.given("the metrics", measuring));
        return this;
    }

    /**
     * Evaluates the rules of {@link Alerts} and sends their messages. Default: off, so that a rule in the database
     * cannot make a process call a URL unless the process was built for that.
     */
    public EngineBuilder alerts() {
        host.alerts = true;
        return this;
    }

    /** Adds a listener that is called after each commit of this engine. */
    public EngineBuilder listener(EngineListener listener) {
        listeners.add(Arguments.given("the listener", listener));
        return this;
    }

    /**
     * Sets the clock for all instants except those of leases, for which the database's clock counts. Default: the
     * system clock. It must show an instant from the year 1 to the year 9999.
     */
    public EngineBuilder clock(Clock given) {
        clock = Arguments.given("the clock", given);
        return this;
    }

    /**
     * Makes the engine a client: it submits, reads and controls executions, which other engines run. A client runs no
     * tasks, takes no lease, changes no schema, has no threads, and does not store the schedules of its workflows.
     * Default: the engine runs tasks.
     */
    public EngineBuilder client() {
        mode = Mode.CLIENT;
        return this;
    }

    /**
     * Returns an engine that is not started. All errors that can be found without the database are reported here; the
     * database is opened only by {@link Engine#start}. Later calls of the builder do not change this engine.
     *
     * @throws CloacinaException if the settings contradict each other, or a workflow has more than {@link #maxTasks}
     *     tasks
     */
    public Engine build() {
        EngineConfiguration configuration = configuration();
        return new Engine(() -> configuration);
    }

    /**
     * As {@link #build}, but the engine has no threads: it works only when it is called. For tests, see
     * {@link ManualEngine}.
     *
     * @throws CloacinaException as {@link #build}, and if it is a {@linkplain #client client}
     */
    public ManualEngine buildManual() {
        EngineConfiguration configuration = configuration(Mode.MANUAL);
        return new ManualEngine(new Engine(() -> configuration));
    }

    /**
     * Calls {@link #build} and {@link Engine#start}.
     *
     * @throws DatabaseException if the database cannot be opened or migrated
     * @throws CloacinaException as {@link #build}
     */
    public Engine start() {
        return build().start();
    }

    EngineConfiguration configuration() {
        return configuration(mode);
    }

    EngineConfiguration configuration(Mode of) {
        if (mode == Mode.CLIENT && of == Mode.MANUAL) {
            throw new CloacinaException(
                    INVALID, "a client runs no tasks, so there is nothing to drive manually: leave out client()");
        }
        return EngineConfiguration.checked(opening, closesDatabase, workflows.all(), settings(), of);
    }

    private Settings settings() {
        return new Settings(
                slots,
                grace,
                lease,
                pollInterval,
                retention,
                unavailableAfter,
                maxContextBytes,
                maxTasks,
                maxWaitingSubmissions,
                trust,
                packageDirectory,
                maxPackageBytes,
                List.copyOf(listeners),
                clock,
                host.build());
    }

    private static int requireRange(String setting, int given, int least, int most) {
        return Arguments.number(INVALID, setting + " must be a number", given, least, most);
    }
}
