package io.cloacina.engine.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some attempts of the tasks of an execution. {@code next} is where the next page begins ({@link
 * io.cloacina.engine.TaskQuery#after}), null if there are no more; a page that has a next one may have fewer than the limit.
 */
public record AttemptPage(
        List<TaskAttempt> attempts, @Nullable String next) {}
