/**
 * Every statement over the tables of the engine, a class for each purpose: a table is in several of them. No API: it
 * changes at any time.
 */
@NullMarked
package io.cloacina.engine.internal.store;

import org.jspecify.annotations.NullMarked;
