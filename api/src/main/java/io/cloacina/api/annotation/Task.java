package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that is a task. Its parameters say what it needs: {@link From}, {@link ForEach}, {@link Input}, {@link Signal}, or the
 * {@link io.cloacina.api.TaskContext}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Task {
    /** The name. Default: that of the method. */
    String name() default "";

    /** Tasks that must have ended before this one, besides those whose output it takes. */
    String[] after() default {};

    /** Whether it runs once they have. Default: it runs if all of them completed. */
    When when() default @When;

    /** How often it is tried. Default: once. */
    Retry retry() default @Retry;

    /** How long the method of an attempt may take, such as {@code 30s}. Default: forever. */
    String timeout() default "";

    /** What is added to the priority of the execution, from -1000 to 1000. */
    int priority() default 0;

    /** Whether what it writes through {@link io.cloacina.api.TaskContext#connection()} is one transaction with its completion. */
    boolean transactional() default false;
}
