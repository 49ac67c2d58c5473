/**
 * An engine in a Spring Boot application. {@link io.cloacina.spring.CloacinaAutoConfiguration} creates it from the
 * properties {@code cloacina.*} and the beans of the application; {@link io.cloacina.spring.EngineBuilderCustomizer}
 * changes all other settings. The same classes run with Spring Boot 3.5 and 4; what differs between the two is in the
 * starters.
 */
@NullMarked
package io.cloacina.spring;

import org.jspecify.annotations.NullMarked;
