package io.cloacina.api.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the workflow at the times of a cron expression, without input. An engine that starts with the workflow creates
 * or updates the schedule in the database. A schedule whose annotation is removed stays until it is deleted.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Repeatable(Scheduled.All.class)
@Target(ElementType.TYPE)
public @interface Scheduled {
    /** The cron expression, with five fields or six: {@code 0 2 * * *} is two o'clock each night. */
    String cron();

    /** The time zone of the expression, such as {@code Europe/Berlin}. */
    String zone() default "UTC";

    /** The name of the schedule. Default: that of the workflow. */
    String name() default "";

    /** Several schedules. */
    @Documented
    @Retention(RetentionPolicy.CLASS)
    @Target(ElementType.TYPE)
    @interface All {
        /** The schedules. */
        Scheduled[] value();
    }
}
