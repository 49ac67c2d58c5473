package io.cloacina.engine.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of tasks of an execution. {@code next} is where the next page begins
 * ({@link io.cloacina.engine.TaskQuery#after}), null if there are no more.
 */
public record TaskPage(List<TaskExecution> tasks, @Nullable String next) {}
