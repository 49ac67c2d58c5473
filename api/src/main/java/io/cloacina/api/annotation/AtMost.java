package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Limits how many attempts of a task, or executions of a workflow, run at once or start within a period, across all
 * processes. The same as {@link io.cloacina.api.Limit}.
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
    /** The maximum number, at least 1. */
    int value();

    /**
     * The period within which at most that many start, such as {@code 1m}. Default: none; the limit is how many run at
     * once.
     */
    String every() default "";

    /**
     * Applies the limit separately to each value of this key of the execution's input. A key with dots is a path into
     * the value: {@code order.customer}. The first name is the key of an {@link Input} of the workflow, and the rest
     * names components of its record. A submission whose input has no value there is refused, see
     * {@link io.cloacina.api.Limit#per}. Default: one limit for all.
     */
    String per() default "";

    /** Several limits. */
    @Documented
    @Retention(RetentionPolicy.CLASS)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface All {
        /** The limits, all of which apply. */
        AtMost[] value();
    }
}
