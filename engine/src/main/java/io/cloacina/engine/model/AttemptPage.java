package io.cloacina.engine.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of attempts of the tasks of an execution. {@code next} is where the next page begins
 * ({@link io.cloacina.engine.TaskQuery#after}), null if there are no more. A page with a {@code next} may have fewer
 * attempts than the limit.
 */
public record AttemptPage(
        List<TaskAttempt> attempts, @Nullable String next) {}
