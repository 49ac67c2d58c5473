/**
 * What the engine must do: one text for both databases, a class for each part of it. Driven manually, with a manual
 * clock, where that serves, with a real engine where threads matter; nothing sleeps.
 */
@NullMarked
package io.cloacina.testing.conformance;

import org.jspecify.annotations.NullMarked;
