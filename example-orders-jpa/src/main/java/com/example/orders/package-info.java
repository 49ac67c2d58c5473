/** An application with Spring Boot, JPA and PostgreSQL. */
@NullMarked
package com.example.orders;

import org.jspecify.annotations.NullMarked;
