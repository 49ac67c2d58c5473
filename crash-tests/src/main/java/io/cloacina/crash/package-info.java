/**
 * Kills processes that run workflows, and looks for what that broke: {@link io.cloacina.crash.CrashCommand} is the
 * entry.
 *
 * <p>Invariants: what happened is written to files outside the engine before and after it ({@link
 * io.cloacina.crash.History}), so that the verdict does not rest on what the engine says about itself; a violation
 * is something that the engine promises never to do, whatever is killed.
 */
@NullMarked
package io.cloacina.crash;

import org.jspecify.annotations.NullMarked;
