package io.cloacina.spring;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of an engine as properties; a property that is not set has the default of the engine.
 *
 * @param enabled whether there is an engine
 * @param database URL of a database for the engine alone, such as sqlite:app.db; without it the engine uses the
 *     DataSource of the application and joins its transactions
 * @param dataSource name of the DataSource bean for the engine, if there are several and none is primary
 * @param transactionManager name of the transaction manager for that DataSource, if there are several and none is
 *     primary
 * @param migrate whether the engine creates and changes its tables when it starts
 * @param run whether tasks run in this process; otherwise the engine is a client, which submits, reads and controls
 * @param slots how many tasks run at once in this process
 * @param grace how long closing waits for running tasks before it interrupts them; default: 10 s, or less if the
 *     shutdown of Spring allows less
 * @param lease how long a runner may be silent before other runners take over its tasks
 * @param pollInterval how often to poll for work that no notification announced
 * @param retention how long finished executions are kept
 * @param keepForever whether finished executions are kept forever
 * @param unavailableAfter how long an execution waits for a runner that can continue it before it fails
 * @param maxContextBytes how many bytes of JSON an input or an output may have
 * @param maxTasks how many tasks a workflow may have
 * @param maxWaitingSubmissions how many submissions may wait to be written
 * @param packageDirectory where the bytes of packages are kept, if not in the database
 * @param maxPackageBytes how many bytes a package may have
 * @param alerts whether the rules of alerts are evaluated here, and their messages sent
 * @param json which JSON mapper converts values of the application's classes
 * @param dashboard the web page and the HTTP API
 * @param metrics the metrics
 * @param tracing the traces
 * @param observations the observations of Micrometer
 */
@ConfigurationProperties("cloacina")
record CloacinaProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String database,
        @Nullable String dataSource,
        @Nullable String transactionManager,
        @DefaultValue("always") Migrate migrate,
        @DefaultValue("true") boolean run,
        @Nullable Integer slots,
        @Nullable Duration grace,
        @Nullable Duration lease,
        @Nullable Duration pollInterval,
        @Nullable Duration retention,
        @DefaultValue("false") boolean keepForever,
        @Nullable Duration unavailableAfter,
        @Nullable Integer maxContextBytes,
        @Nullable Integer maxTasks,
        @Nullable Integer maxWaitingSubmissions,
        @Nullable Path packageDirectory,
        @Nullable Integer maxPackageBytes,
        @DefaultValue("false") boolean alerts,
        @DefaultValue("engine") Json json,
        @DefaultValue Dashboard dashboard,
        @DefaultValue Metrics metrics,
        @DefaultValue Tracing tracing,
        @DefaultValue Observations observations) {
    /** Who creates and changes the tables of the engine. */
    enum Migrate {
        /** The engine, when it starts. */
        ALWAYS,
        /** Other programs; the engine starts only if the tables are exactly those of this version. */
        CHECK,
        /** Other programs; the engine starts only if the migration history is that of this version. */
        NEVER
    }

    /** Which JSON mapper converts values of the application's classes. */
    enum Json {
        /** The mapper of the engine, which is strict and the same in every process. */
        ENGINE,
        /** The mapper of the application, with its modules, naming and mix-ins. */
        APPLICATION
    }

    /**
     * The web page and the HTTP API, under the port of the application.
     *
     * @param enabled whether the web page and the HTTP API are served
     * @param path the path that they are below
     * @param readOnly whether every change is refused
     */
    record Dashboard(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("/cloacina") String path,
            @DefaultValue("false") boolean readOnly) {}

    /**
     * The metrics of the engine, if the application has a registry for such.
     *
     * @param enabled whether metrics are published
     */
    record Metrics(@DefaultValue("true") boolean enabled) {}

    /**
     * The traces of the engine, if the application has an OpenTelemetry.
     *
     * @param enabled whether traces are sent
     */
    record Tracing(@DefaultValue("true") boolean enabled) {}

    /**
     * Submissions and tasks as observations, if the application has a registry for such: instead of the traces of the
     * engine.
     *
     * @param enabled whether observations are recorded
     */
    record Observations(@DefaultValue("false") boolean enabled) {}
}
