/** An application with Spring Boot, JDBC and SQLite: that of the how-to for Spring Boot. */
@NullMarked
package com.example.orders;

import org.jspecify.annotations.NullMarked;
