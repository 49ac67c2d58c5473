/**
 * An engine in a Spring Boot application. {@link io.cloacina.spring.CloacinaAutoConfiguration} makes it of the properties
 * {@code cloacina.*} and of the beans of the application; {@link io.cloacina.spring.EngineBuilderCustomizer} changes what these
 * do not say. The same classes run under Spring Boot 3.5 and 4: what has moved between the two is in the starters.
 */
@NullMarked
package io.cloacina.spring;

import org.jspecify.annotations.NullMarked;
