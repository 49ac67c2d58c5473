package io.cloacina.engine;

import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.PreparedExecution;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one transaction is meant to do: whatever else changes is a fault. */
final class SimulatedStep {
    final String what;

    /** Who runs it; null for what is done to the database from outside. */
    final @Nullable SimulatedRunner runner;

    /** By what name it claims. */
    final String claimant;

    final List<Outcome> outcomes = new ArrayList<>();
    final List<PreparedExecution> submissions = new ArrayList<>();

    RunnerStore.@Nullable Known swept;
    String cancelled = "";
    String failed = "";
    String paused = "";
    String resumed = "";
    String retried = "";
    Set<String> removed = Set.of();
    boolean woke;
    boolean answerLost;

    SimulatedStep(String what, @Nullable SimulatedRunner runner) {
        this.what = what;
        this.runner = runner;
        this.claimant = runner == null ? "" : Simulated.hex(runner.lease().runner());
    }

    boolean ends(String execution) {
        return cancelled.equals(execution) || failed.equals(execution);
    }

    @Override
    public String toString() {
        return (runner == null ? "" : runner + " ") + what + (answerLost ? " (answer lost)" : "");
    }
}
