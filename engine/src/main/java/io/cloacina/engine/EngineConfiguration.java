package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.SelfWaiting;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.run.TaskExecutor;
import io.cloacina.engine.internal.store.Stores;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.internal.write.TransientRetry;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.Statements;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The settings of a builder, checked as far as possible without a database: enough to start an engine any number of
 * times. Immutable.
 *
 * @param closesDatabase whether the engine closes the database that {@code opening} returns
 * @param schedules the schedules that the workflows declare
 */
record EngineConfiguration(
        Function<Statements[], Database> opening,
        boolean closesDatabase,
        List<WorkflowDefinition> workflows,
        List<Schedule> schedules,
        Settings settings,
        Mode mode) {
    /**
     * Checks whether the settings of a builder are compatible with each other.
     *
     * @throws CloacinaException if a workflow has more tasks than are allowed, a name that is reserved, or a schedule
     *     without the input that it needs
     */
    static EngineConfiguration checked(
            Function<Statements[], Database> opening,
            boolean closesDatabase,
            List<WorkflowDefinition> workflows,
            Settings settings,
            Mode mode) {
        workflows.forEach(workflow -> {
            Workflow.requireTasks(workflow, settings.maxTasks());
            if (workflow.name().equals(AlertRule.DELIVERY)) {
                throw new CloacinaException(
                        ErrorCodes.INVALID_NAME,
                        "the name '" + workflow.name()
                                + "' is reserved for the workflow that delivers alerts: choose another");
            }
        });
        SelfWaiting.refuse(List.of(), workflows);
        Arguments.instant(
                EngineBuilder.INVALID,
                "the instant of the clock",
                settings.clock().instant());
        List<Schedule> schedules = new ArrayList<>();
        if (mode.runsTasks()) {
            for (WorkflowDefinition definition : workflows) {
                for (Schedule schedule : Schedule.of(definition)) {
                    ScheduleInputs.checked(schedule, new Workflow(definition, settings.json()), settings);
                    schedules.add(schedule);
                }
            }
        }
        return new EngineConfiguration(opening, closesDatabase, workflows, List.copyOf(schedules), settings, mode);
    }

    /**
     * Opens the database and creates the parts of an engine; none of them has started.
     *
     * @throws DatabaseException if the database cannot be opened or migrated
     */
    EngineRuntime open() {
        Database database = opening.apply(Stream.concat(Stream.of(Migrator.STATEMENTS), Stores.STATEMENTS.stream())
                .toArray(Statements[]::new));
        try {
            database.storePayloads(settings.json().payloads());
            prepare(database);
            EngineRuntime runtime = new EngineRuntime(database, workflows, settings, mode);
            if (!closesDatabase) {
                runtime.leaveDatabaseOpen();
            }
            return runtime;
        } catch (RuntimeException e) {
            if (closesDatabase) {
                database.close();
            }
            throw e;
        }
    }

    private void prepare(Database database) {
        if (mode == Mode.RUNNER) {
            TaskExecutor.requireRoom(database);
        }
        if (mode.runsTasks()) {
            new TransientRetry(new CountDownLatch(1))
                    .tryAFewTimes(
                            "bringing the schema up to date", () -> Migrator.migrate(database, CloacinaMigrations.ALL));
        } else {
            Migrator.requireCurrent(database, CloacinaMigrations.ALL);
        }
    }
}
