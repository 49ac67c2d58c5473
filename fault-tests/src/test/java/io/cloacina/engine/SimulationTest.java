package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.write.Lease;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The protocol of claims, commits and recovery against all that can happen between its transactions, in thousands of random
 * lives. Every life is decided by its seed: {@code -Dsimulation.seed=N} repeats one, {@code -Dsimulation.seconds=600} runs
 * longer.
 */
class SimulationTest {
    private static final int LONG = 120;
    private static final int SHORT = 30;

    static {
        // It warns of every lease that runs out, and here that is many thousands.
        System.setProperty("org.slf4j.simpleLogger.log." + Lease.class.getName(), "error");
    }

    @Test
    void whatever_happens_between_transactions_nothing_is_lost_and_nothing_is_done_twice() {
        Long only = Long.getLong("simulation.seed");
        long first = only != null ? only : Long.getLong("simulation.first", 1);
        long until = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("simulation.seconds", 20)).toNanos();
        long steps = 0;
        long seed = first;
        try (Database database = database()) {
            do {
                steps += live(database, seed++);
            } while (only == null && System.nanoTime() < until);
        }
        System.out.println("simulated " + (seed - first) + " lives, " + steps + " steps");
        assertThat(steps).isPositive();
    }

    private static int live(Database database, long seed) {
        Simulation simulation = new Simulation(database, seed);
        try {
            empty(database);
            // Many short lives find what is usual, some long ones what takes a while to come together.
            simulation.run(seed % 4 == 0 ? LONG : SHORT);
            return simulation.steps();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\nrepeat it with -Dsimulation.seed=" + seed + "\n"
                            + simulation.trace(),
                    e);
        }
    }

    private static Database database() {
        Database database = Database.open("sqlite::memory:");
        Migrator.migrate(database);
        run(database, List.of("CREATE TABLE simulated_ledger (place TEXT NOT NULL)"));
        return database;
    }

    private static void empty(Database database) {
        run(
                database,
                List.of(
                        "DELETE FROM contexts",
                        "DELETE FROM pipeline_executions",
                        "DELETE FROM runners",
                        "DELETE FROM simulated_ledger"));
    }

    private static void run(Database database, List<String> commands) {
        database.write(transaction -> {
            try (Statement statement = transaction.connection().createStatement()) {
                for (String command : commands) {
                    statement.executeUpdate(command);
                }
                return commands;
            } catch (SQLException e) {
                throw transaction.classify(e, "preparing a simulation");
            }
        });
    }
}
