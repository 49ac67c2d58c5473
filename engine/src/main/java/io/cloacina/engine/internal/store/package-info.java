/**
 * Every statement over the tables of the engine, a class for each part of the schema. No API: it changes at any time.
 */
@NullMarked
package io.cloacina.engine.internal.store;

import org.jspecify.annotations.NullMarked;
