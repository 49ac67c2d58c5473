/**
 * The transactions, and the steps within them: submit, claim, commit, plan, complete, suspend, recover, fire. No API: it
 * changes at any time.
 */
@NullMarked
package io.cloacina.engine.internal.write;

import org.jspecify.annotations.NullMarked;
