/**
 * When a cron expression fires: {@link io.cloacina.cron.CronExpression} says which local times it means, {@link
 * io.cloacina.cron.CronTimes} which instants they are in a zone.
 *
 * <p>Invariant: both are without state and without a clock of their own. The engine fires by them, the processor checks by them.
 */
@NullMarked
package io.cloacina.cron;

import org.jspecify.annotations.NullMarked;
