/** Tests of the command: its parts in this process, and the whole as a process of its own. */
@NullMarked
package io.cloacina.cli;

import org.jspecify.annotations.NullMarked;
