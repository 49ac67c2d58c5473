package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The workflow runs by the clock, without input: an engine that starts with it puts this schedule into the database, or changes
 * the one of that name. A schedule whose annotation is removed stays until it is deleted.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Repeatable(Scheduled.All.class)
@Target(ElementType.TYPE)
public @interface Scheduled {
    /** When, with five fields or six: {@code 0 2 * * *} is at two each night. */
    String cron();

    /** The time zone that it follows, such as {@code Europe/Berlin}. */
    String zone() default "UTC";

    /** The name of the schedule. Default: that of the workflow. */
    String name() default "";

    /** Several of them. */
    @Documented
    @Retention(RetentionPolicy.CLASS)
    @Target(ElementType.TYPE)
    @interface All {
        /** All of them hold. */
        Scheduled[] value();
    }
}
