package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What the method returns, a record or a map, is the input of an execution of another workflow. The task waits for it; the child's
 * context, or one value of it, is its output.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Child {
    /** The name of that workflow. */
    String value();

    /** Which value of the child's context is the output of the task, such as the name of its last task. Default: all of it. */
    String take() default "";
}
