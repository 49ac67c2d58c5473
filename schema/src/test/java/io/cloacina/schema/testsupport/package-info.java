/**
 * Runs one test on both databases: {@link io.cloacina.schema.testsupport.DatabaseTest} on a method that takes a {@link
 * io.cloacina.schema.testsupport.TestDatabase}.
 */
@NullMarked
package io.cloacina.schema.testsupport;

import org.jspecify.annotations.NullMarked;
