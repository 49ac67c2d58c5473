package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter that takes the value of a signal: before its method runs, the task waits for that signal. An {@link
 * java.util.Optional} is empty when the time is over; with any other type the task is skipped then.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PARAMETER)
public @interface Signal {
    /** The name of the signal. Default: that of the parameter. */
    String value() default "";

    /** How long the task waits, such as {@code 24h}. Default: forever. */
    String within() default "";
}
