package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Decides whether a task runs once its dependencies have ended. The same as {@link io.cloacina.api.TriggerRule}. At
 * most one element may be set; without any, the task runs if all its dependencies completed.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({})
public @interface When {
    /** The task runs however its dependencies ended. */
    boolean always() default false;

    /** The task runs if all of these conditions hold. */
    Condition[] allOf() default {};

    /** The task runs if at least one of these conditions holds. */
    Condition[] anyOf() default {};

    /** The task runs if none of these conditions holds. */
    Condition[] noneOf() default {};
}
