/**
 * The command {@code cloacina}; its entry point is {@link io.cloacina.cli.Main}.
 *
 * <p>Invariants: what a script may want goes to stdout and nothing else does; an error is one line on stderr that
 * begins with {@code cloacina:}; the exit code is one of {@link io.cloacina.cli.ExitCode}.
 */
@NullMarked
package io.cloacina.cli;

import org.jspecify.annotations.NullMarked;
