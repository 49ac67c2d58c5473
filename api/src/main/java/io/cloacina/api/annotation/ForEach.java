package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method once for each element of a list, which this parameter takes. The list is the output of another task,
 * or a value of the execution's input that a parameter of the workflow takes with {@link Input}. The output of the task
 * is the list of the results, in the order of the elements. If one run fails for good, the task fails.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PARAMETER)
public @interface ForEach {
    /** The name of the task that returned the list, or the key of the input. Default: that of the parameter. */
    String value() default "";

    /** How many run at once, at least 1. Default: as many as there are slots. */
    int atOnce() default Integer.MAX_VALUE;

    /**
     * Whether the task completes even if runs fail; its output is then a list of
     * {@link io.cloacina.api.ElementOutcome}.
     */
    boolean collect() default false;
}
