/** What is particular to Spring Boot 3: the health of the engine. All else is in {@link io.cloacina.spring}. */
@NullMarked
package io.cloacina.spring.boot;

import org.jspecify.annotations.NullMarked;
