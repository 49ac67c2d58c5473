package io.cloacina.engine.model;

import io.cloacina.api.InFlight;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stored definition of a version of a workflow, which every process can read, with or without its code. Types,
 * rules, settings and limits are texts for people.
 *
 * @param refusesUnknownInput whether submissions whose input has undeclared values are refused
 * @param deadline how long an execution may take; null for forever
 * @param inputs the declared values of the input
 * @param limits the limits of the workflow, such as {@code at once 3 per customer}
 * @param tasks the tasks, each after its dependencies
 */
public record StoredWorkflow(
        String name,
        String version,
        InFlight inFlight,
        boolean refusesUnknownInput,
        @Nullable Duration deadline,
        List<Input> inputs,
        List<String> limits,
        List<Task> tasks) {
    /**
     * A declared value of the input.
     *
     * @param type its type, such as {@code {id: text, count?: int}}; a {@code ?} marks what may be absent
     */
    public record Input(String key, String type, boolean isRequired) {}

    /**
     * A task.
     *
     * @param rule its trigger rule, such as {@code if 'charge' failed}; null if it runs when all dependencies completed
     * @param settings its explicit settings by name, such as {@code timeout} and {@code PT9S}, in order
     * @param limits the limits of the task
     * @param reads the declared types of the values that it reads, by key
     * @param output the type of its output; null if it is not declared
     */
    public record Task(
            String name,
            List<String> dependencies,
            @Nullable String rule,
            Map<String, String> settings,
            List<String> limits,
            Map<String, String> reads,
            @Nullable String output) {
        /** Copies the lists and maps. */
        public Task {
            dependencies = List.copyOf(dependencies);
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
            limits = List.copyOf(limits);
            reads = Collections.unmodifiableMap(new LinkedHashMap<>(reads));
        }
    }

    /** Copies the lists. */
    public StoredWorkflow {
        inputs = List.copyOf(inputs);
        limits = List.copyOf(limits);
        tasks = List.copyOf(tasks);
    }
}
