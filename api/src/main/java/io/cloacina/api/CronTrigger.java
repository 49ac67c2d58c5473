package io.cloacina.api;

/**
 * A schedule that a workflow brings along. What it says is checked by the engine that starts with it. Immutable.
 *
 * @param schedule the name of the schedule
 * @param cron when, with five fields or six
 * @param zone the time zone that it follows
 */
public record CronTrigger(String schedule, String cron, String zone) {
    /** Checks that all of it is there. */
    public CronTrigger {
        Arguments.given("the name of the schedule", schedule);
        Arguments.given("the cron expression", cron);
        Arguments.given("the zone", zone);
    }
}
