/** The values, events and exceptions that applications exchange with the engine. Nothing here touches a database. */
@NullMarked
package io.cloacina.engine.model;

import org.jspecify.annotations.NullMarked;
