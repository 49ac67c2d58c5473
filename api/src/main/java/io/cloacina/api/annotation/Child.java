package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Submits an execution of another workflow, with the value that the method returns, a record or a map, as its input.
 * The task waits for that child execution; the child's context, or one value of it, is the output of the task.
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
