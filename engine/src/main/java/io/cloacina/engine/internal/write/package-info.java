/**
 * Every write, and in which transaction: submit, claim, commit, plan, complete, suspend, recover, fire. No API: it
 * changes at any time.
 */
@NullMarked
package io.cloacina.engine.internal.write;

import org.jspecify.annotations.NullMarked;
