package io.cloacina.api.annotation;

import io.cloacina.api.RetryCondition;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How often a failing task is retried, and after which errors. The same as {@link io.cloacina.api.RetryPolicy}. */
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

    /** The maximum number of attempts, the first one included. */
    int maxAttempts() default 1;

    /** How long after the first failure the second attempt starts, such as {@code 1s}. Default: immediately. */
    String delay() default "";

    /** How delays grow. */
    Backoff backoff() default Backoff.EXPONENTIAL;

    /** The longest delay, such as {@code 5m}. Default: one hour, or {@link #delay} if that is longer. */
    String maxDelay() default "";

    /** Each delay is shortened at random by up to this fraction of it, from 0 to 1. */
    double jitter() default 0;

    /** Only errors of these classes and their subclasses are retried. Default: all. */
    Class<? extends Throwable>[] on() default {};

    /**
     * Only errors that satisfy this condition are retried. The class has a constructor without parameters. Default:
     * all.
     */
    Class<? extends RetryCondition> when() default RetryCondition.class;
}
