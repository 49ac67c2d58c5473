package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter that takes the output of another task, on which the task thereby depends. As an {@link
 * java.util.Optional} it may be absent: when the other task was skipped, failed, or returned null.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PARAMETER)
public @interface From {
    /** The name of that task. Default: that of the parameter. */
    String value() default "";
}
