/** Jars with workflows: checked, stored, loaded, removed. No API: it changes at any time. */
@NullMarked
package io.cloacina.engine.internal.packages;

import org.jspecify.annotations.NullMarked;
