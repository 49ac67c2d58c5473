/**
 * The engine: {@link io.cloacina.engine.Engine} runs workflows inside the application's process.
 *
 * <p>The values that it takes and returns are in {@link io.cloacina.engine.model}. The packages below {@code internal}
 * are parts of the engine, not an API. Each of them uses only the ones listed before it: host, json, claim, store,
 * write, run, packages.
 *
 * <p>Invariants: each step of a task is one transaction. Every change of a claimed task is guarded by the runner, the
 * attempt and the expected status; an update that changes no row means that the claim was lost. No transaction is open
 * while a body runs, except that of a transactional task, whose body runs in it.
 */
@NullMarked
package io.cloacina.engine;

import org.jspecify.annotations.NullMarked;
