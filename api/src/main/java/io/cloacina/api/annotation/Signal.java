package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter that receives the value of a signal; before its method runs, the task waits for that signal. When the
 * time is over, an {@link java.util.Optional} is empty; with any other type the task is skipped.
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
