/**
 * Workflows as the engine has them, what a runner may claim, and what it has claimed. No API: it changes at any time.
 */
@NullMarked
package io.cloacina.engine.internal.claim;

import org.jspecify.annotations.NullMarked;
