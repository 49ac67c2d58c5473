/** The parts that are specific to Spring Boot 4: health and JSON. Everything else is in {@link io.cloacina.spring}. */
@NullMarked
package io.cloacina.spring.boot;

import org.jspecify.annotations.NullMarked;
