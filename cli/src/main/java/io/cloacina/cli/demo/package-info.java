/**
 * A workflow on real files. {@link io.cloacina.cli.demo.FolderReport} is the workflow, and {@link io.cloacina.cli.demo.Demo} runs
 * it and shows what happens.
 *
 * <p>Invariants: a file is a {@link java.nio.file.Path} from the scan to the report, whose JSON is a URI, so that a name of any
 * bytes can be read again; it never reaches a terminal or a report with characters that mean something there.
 */
@NullMarked
package io.cloacina.cli.demo;

import org.jspecify.annotations.NullMarked;
