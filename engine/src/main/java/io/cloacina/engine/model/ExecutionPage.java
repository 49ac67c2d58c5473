package io.cloacina.engine.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Some executions that a search found, newest first. {@code next} is where the next page begins ({@link
 * io.cloacina.engine.ExecutionQuery#before}), null if there are no more. {@code isCutShort}: fewer than the limit were
 * found among as many as were looked through; older ones may be found from {@code next} on.
 */
public record ExecutionPage(
        List<Execution> executions, @Nullable UUID next, boolean isCutShort) {}
