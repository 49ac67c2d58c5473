/**
 * Measures the engine beside hand-written JDBC: {@link io.cloacina.benchmarks.engine.EngineCommand} is the entry.
 *
 * <p>Invariants: engine and floor take turns in one run, and a ratio is the median of the ratios of neighbouring slices; a
 * slice ends when all of its executions are finished in the database; a figure is printed beside its target, met or not.
 */
@NullMarked
package io.cloacina.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
