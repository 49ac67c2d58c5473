package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Whether a task runs once its dependencies have ended: {@link io.cloacina.api.TriggerRule} as an annotation. At most
 * one of its elements is given; without any, the task runs if all its dependencies completed.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({})
public @interface When {
    /** It runs however they ended. */
    boolean always() default false;

    /** It runs if all of these hold. */
    Condition[] allOf() default {};

    /** It runs if at least one of these holds. */
    Condition[] anyOf() default {};

    /** It runs if none of these holds. */
    Condition[] noneOf() default {};
}
