package io.cloacina.engine.internal.run;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.model.EngineEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures: an attempt that will be retried as a line at INFO, a task that failed for good as one warning with its stack
 * trace, an execution as one warning without it. It has a logger of its own, so that an application can switch it off.
 */
final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private FailureLog() {}

    static void log(EngineEvent event) {
        if (event instanceof EngineEvent.TaskRetried retried) {
            LOG.info(
                    "attempt {} of task '{}' failed and will be retried (execution {} of workflow '{}'): {}",
                    retried.attempt(),
                    retried.taskName(),
                    retried.executionId(),
                    retried.workflow(),
                    retried.error().toString());
        } else if (event instanceof EngineEvent.TaskFailed failed) {
            LOG.warn(
                    "task '{}' failed in attempt {} (execution {} of workflow '{}')",
                    failed.taskName(),
                    failed.attempt(),
                    failed.executionId(),
                    failed.workflow(),
                    failed.error());
        } else if (event instanceof EngineEvent.ExecutionEnded ended && ended.status() == ExecutionStatus.FAILED) {
            LOG.warn("execution {} of workflow '{}' failed", ended.executionId(), ended.workflow());
        }
    }
}
