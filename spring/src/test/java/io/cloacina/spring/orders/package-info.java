/** The application of the how-to for Spring Boot. */
@NullMarked
package io.cloacina.spring.orders;

import org.jspecify.annotations.NullMarked;
