package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits how many attempts of a task, or executions of a workflow, run at once or start within a time: {@link
 * io.cloacina.api.Limit} as an annotation.
 *
 * <pre>{@code
 * @AtMost(value = 4, per = "customer")
 * @AtMost(value = 100, every = "1m")
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Repeatable(AtMost.All.class)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface AtMost {
    /** How many, at least 1. */
    int value();

    /**
     * The time within which at most that many start, such as {@code 1m}. Default: the limit is how many run at once.
     */
    String every() default "";

    /**
     * Each value of this key of the execution's input has the limit for itself. A key with dots is a path into the
     * value: {@code order.customer}. The first name is the key of an {@link Input} of the workflow, and what follows
     * the components of its record. A submission whose input has no value there is refused, see {@link
     * io.cloacina.api.Limit#per}. Default: one limit for all.
     */
    String per() default "";

    /** Several of them. */
    @Documented
    @Retention(RetentionPolicy.CLASS)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface All {
        /** All of them hold. */
        AtMost[] value();
    }
}
