/**
 * A workflow on real files: {@link io.cloacina.cli.demo.FolderWorkflow} is its definition, {@link io.cloacina.cli.demo.Demo}
 * runs it and shows what happens.
 *
 * <p>Invariants: what crosses tasks is small however many files there are; a name of a file never reaches a terminal or a
 * report with characters that mean something there.
 */
@NullMarked
package io.cloacina.cli.demo;

import org.jspecify.annotations.NullMarked;
