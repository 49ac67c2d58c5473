/**
 * The engine: {@link io.cloacina.engine.Engine} runs workflows inside the application's process.
 *
 * <p>The walk of a task is one class a step: Submitter, Claimer, TaskRunner, Committer with Planner; LeaseSweeper brings the
 * tasks of a dead runner back to the same walk. Invariants: each step is one transaction; every change of a claimed task names
 * the runner, the attempt and the status that it believes in, and a change of no row means that the claim was lost; no
 * transaction is open while user code runs.
 */
@NullMarked
package io.cloacina.engine;

import org.jspecify.annotations.NullMarked;
