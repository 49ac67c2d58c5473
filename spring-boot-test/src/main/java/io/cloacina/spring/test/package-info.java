/**
 * Tests of Spring Boot applications: {@link io.cloacina.spring.test.CloacinaTest} starts an application whose engine
 * and clock the test drives, on a database of its own. The same classes run with Spring Boot 3.5 and 4.
 */
@NullMarked
package io.cloacina.spring.test;

import org.jspecify.annotations.NullMarked;
