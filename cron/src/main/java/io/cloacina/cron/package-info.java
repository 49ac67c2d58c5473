/**
 * The times of cron expressions: {@link io.cloacina.cron.CronExpression} parses one and matches local times,
 * {@link io.cloacina.cron.CronTimes} finds the instants in a zone.
 *
 * <p>Invariant: both are stateless and read no clock. The engine fires schedules with them, and the annotation
 * processor checks expressions with them.
 */
@NullMarked
package io.cloacina.cron;

import org.jspecify.annotations.NullMarked;
