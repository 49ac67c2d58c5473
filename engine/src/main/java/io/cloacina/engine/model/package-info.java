/** What users of the engine give it and get from it: values, events and exceptions. Nothing here touches a database. */
@NullMarked
package io.cloacina.engine.model;

import org.jspecify.annotations.NullMarked;
