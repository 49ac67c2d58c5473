package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The task sleeps before its method runs, until the instant that another task returned. That task becomes a dependency.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface SleepUntil {
    /** The name of a task that returns an {@link java.time.Instant}. */
    String value();
}
