package io.cloacina.server.page;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.model.Execution;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the newest executions of a workflow ended.
 *
 * @param executions how many were read
 * @param ended how many of them completed or failed
 * @param p50 the median duration of the completed ones; null, as the next, if none has completed
 * @param p95 the duration that 95 % of the completed ones did not exceed
 */
public record WorkflowNumbers(
        int executions,
        int ended,
        int failed,
        @Nullable Duration p50,
        @Nullable Duration p95) {
    static final int LOOKED_AT = 500;
    static final int LOOKED_THROUGH = 20_000;

    static WorkflowNumbers of(List<Execution> newest) {
        int failed = (int) newest.stream()
                .filter(each -> each.status() == ExecutionStatus.FAILED)
                .count();
        List<Duration> took = newest.stream()
                .filter(each -> each.status() == ExecutionStatus.COMPLETED)
                .flatMap(WorkflowNumbers::took)
                .sorted()
                .toList();
        return new WorkflowNumbers(
                newest.size(), took.size() + failed, failed, percentile(took, 50), percentile(took, 95));
    }

    /** The percentage of the ended executions that failed. */
    public String failureRate() {
        return ended == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", 100.0 * failed / ended);
    }

    private static Stream<Duration> took(Execution completed) {
        return completed.startedAt() == null || completed.completedAt() == null
                ? Stream.empty()
                : Stream.of(Duration.between(
                        Objects.requireNonNull(completed.startedAt()),
                        Objects.requireNonNull(completed.completedAt())));
    }

    private static @Nullable Duration percentile(List<Duration> sorted, int percent) {
        return sorted.isEmpty() ? null : sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }
}
