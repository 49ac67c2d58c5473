/**
 * Small programs, each with a {@code main} that takes the URL of a database: {@link io.cloacina.examples.Weather} is the first to
 * read. What they print is what their tests expect.
 */
@NullMarked
package io.cloacina.examples;

import org.jspecify.annotations.NullMarked;
