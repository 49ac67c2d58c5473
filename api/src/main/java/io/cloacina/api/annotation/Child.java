package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value that the method returns, a record or a map, is the input of an execution of another workflow. The task
 * waits for that execution; the context of this child, or one value of it, is the output of the task.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Child {
    /** The name of that workflow. */
    String value();

    /**
     * The key of the child's context whose value is the output of the task, such as the name of its last task. Default:
     * all of the context.
     */
    String take() default "";
}
