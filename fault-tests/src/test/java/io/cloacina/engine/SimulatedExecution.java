package io.cloacina.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** An execution as it should be. */
final class SimulatedExecution {
    final SimulatedWorkflow workflow;
    final Map<String, Integer> input;
    final Map<String, OfTask> tasks = new TreeMap<>();
    final Map<String, Map<String, @Nullable Integer>> outputs = new HashMap<>();

    /** Those that began anew with the last opening; at first all. */
    Set<String> opened = new TreeSet<>();

    final Set<String> everReopened = new TreeSet<>();
    boolean paused;
    boolean started;
    int recoveries;

    SimulatedExecution(SimulatedWorkflow workflow, Map<String, Integer> input) {
        this.workflow = workflow;
        this.input = input;
    }

    /** A task as it should be. */
    static final class OfTask {
        int maxAttempts;
        int failures;
        int recoveries;
        String dueAt = "";

        @Nullable
        SimulatedRunner madeReadyBy;
    }
}
