package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter that takes one element of the list that another task returned, or of a list of the execution's input that
 * a parameter of the workflow takes with {@link Input}: the method runs once for each element, and the output of the
 * task is the list of the results, in the order of the elements. If a run fails for good, the task fails.
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
     * Whether the task completes however the runs end; its output is then a list of {@link
     * io.cloacina.api.ElementOutcome}.
     */
    boolean collect() default false;
}
