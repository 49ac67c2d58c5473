package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that is a task. Its parameters declare what it needs: {@link From}, {@link ForEach}, {@link Input},
 * {@link Signal}, or the {@link io.cloacina.api.TaskContext}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Task {
    /** The name. Default: that of the method. */
    String name() default "";

    /** Tasks that must have ended before this one, in addition to those whose output its parameters receive. */
    String[] after() default {};

    /**
     * The trigger rule: whether the task runs once its dependencies have ended. Default: it runs if all of them
     * completed.
     */
    When when() default @When;

    /** The retry policy. Default: one attempt. */
    Retry retry() default @Retry;

    /** How long the method may take in an attempt, such as {@code 30s}. Default: forever. */
    String timeout() default "";

    /**
     * A number that is added to the priority of the execution, from -1000 to 1000; ready tasks with a higher sum run
     * first.
     */
    int priority() default 0;

    /**
     * Whether writes through {@link io.cloacina.api.TaskContext#connection()} and the completion of the task are one
     * transaction.
     */
    boolean transactional() default false;
}
