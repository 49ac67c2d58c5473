package io.cloacina.api.annotation;

import io.cloacina.api.RetryCondition;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How often a failing task is retried, and after which errors: {@link io.cloacina.api.RetryPolicy} as an annotation.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({})
public @interface Retry {
    /** How delays grow. */
    enum Backoff {
        /** All delays are equal. */
        FIXED,
        /** The second delay is twice the first, the third three times. */
        LINEAR,
        /** Each delay is twice the one before. */
        EXPONENTIAL
    }

    /** How many attempts may fail before the task does, the first one included. */
    int maxAttempts() default 1;

    /** How long after the first failure the second attempt starts, such as {@code 1s}. Default: at once. */
    String delay() default "";

    /** How delays grow. */
    Backoff backoff() default Backoff.EXPONENTIAL;

    /** No delay is longer, such as {@code 5m}. Default: an hour. */
    String maxDelay() default "";

    /** Each delay is shortened at random by up to this fraction of it, from 0 to 1. */
    double jitter() default 0;

    /** Only errors of these classes and their subclasses are retried. Default: all. */
    Class<? extends Throwable>[] on() default {};

    /** Only errors that fulfil this condition are retried; a class with a constructor without parameters. */
    Class<? extends RetryCondition> when() default RetryCondition.class;
}
