package io.cloacina.api;

/**
 * A schedule that a workflow declares. An engine with the workflow checks the cron expression and the zone when it
 * starts. Immutable.
 *
 * @param schedule the name of the schedule
 * @param cron the expression, with five fields or six
 * @param zone the time zone of the expression
 */
public record CronTrigger(String schedule, String cron, String zone) {
    /** Checks that nothing is null. */
    public CronTrigger {
        Arguments.given("the name of the schedule", schedule);
        Arguments.given("the cron expression", cron);
        Arguments.given("the zone", zone);
    }
}
