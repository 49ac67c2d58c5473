/**
 * Measurements: {@link io.cloacina.benchmarks.Main} is the command line.
 *
 * <p>Invariants: what is compared runs in one process, in short slices that take turns, because the speed of a machine changes
 * while it is measured; a figure is printed beside its target, whether it is met or not.
 */
@NullMarked
package io.cloacina.benchmarks;

import org.jspecify.annotations.NullMarked;
