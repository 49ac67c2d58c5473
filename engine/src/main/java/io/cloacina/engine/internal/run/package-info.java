/**
 * What happens between transactions, and what starts them without being asked: bodies run, results are handed over, dead
 * runners are noticed, time passes. No API: it changes at any time.
 */
@NullMarked
package io.cloacina.engine.internal.run;

import org.jspecify.annotations.NullMarked;
