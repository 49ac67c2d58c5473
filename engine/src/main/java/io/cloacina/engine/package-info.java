/**
 * The engine: {@link io.cloacina.engine.Engine} runs workflows inside the application's process.
 *
 * <p>What it takes and returns is in {@link io.cloacina.engine.model}. All packages below {@code internal} are parts of the engine and
 * not an API. Each of them uses only those before it: host, json, claim, store, write, run, packages.
 *
 * <p>Invariants: each step of a task is one transaction; every change of a claimed task names the runner, the attempt and the status
 * that it believes in, and a change of no row means that the claim was lost; no transaction is open while a body runs, except that of a
 * transactional task, whose body runs in it.
 */
@NullMarked
package io.cloacina.engine;

import org.jspecify.annotations.NullMarked;
