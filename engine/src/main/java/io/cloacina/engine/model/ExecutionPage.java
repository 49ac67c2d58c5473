package io.cloacina.engine.model;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A page of executions that a search found, newest first. {@code next} is where the next page begins ({@link
 * io.cloacina.engine.ExecutionQuery#before}), null if there are no more. {@code isCutShort} is true if the search
 * stopped at {@link io.cloacina.engine.ExecutionQuery#scan} before it found as many as the limit; older ones may be
 * found from {@code next} on.
 */
public record ExecutionPage(
        List<Execution> executions, @Nullable UUID next, boolean isCutShort) {}
