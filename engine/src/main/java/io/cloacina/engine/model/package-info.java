/**
 * The values, events and exceptions that applications exchange with the engine. Nothing here touches a database. Records
 * that the engine returns may get further components in a later release: read them, and do not construct them outside of
 * tests.
 */
@NullMarked
package io.cloacina.engine.model;

import org.jspecify.annotations.NullMarked;
