/** What the engine needs of its JVM and its machine: a timer, deadlines, threads, files, and who else runs here. No API: it changes at any time. */
@NullMarked
package io.cloacina.engine.internal.host;

import org.jspecify.annotations.NullMarked;
