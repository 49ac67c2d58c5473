/**
 * The times of cron expressions: {@link io.cloacina.cron.CronExpression} parses one and matches local times, {@link
 * io.cloacina.cron.CronTimes} finds the instants in a zone.
 *
 * <p>Invariant: both are without state and without a clock of their own. The engine fires by them, the processor checks
 * by them.
 */
@NullMarked
package io.cloacina.cron;

import org.jspecify.annotations.NullMarked;
