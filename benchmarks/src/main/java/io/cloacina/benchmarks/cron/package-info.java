/**
 * Fires many schedules from processes that are killed, and compares the tables with what should be in them. {@link
 * io.cloacina.benchmarks.cron.CronCommand} is the command; a run is {@code CronRun}, one of its processes {@code CronChild}.
 */
@NullMarked
package io.cloacina.benchmarks.cron;

import org.jspecify.annotations.NullMarked;
