package io.cloacina.engine.internal.write;

import io.cloacina.engine.model.EngineEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Submissions that are written and that nobody has been told of: whoever tells something else of such an execution, which shows
 * that it is committed, tells of its submission first. Those that joined transactions of the application are here until that is
 * seen. Thread safe.
 */
public final class Unannounced {
    /** What was rolled back by the application stays until so many have come after it. */
    private static final int MOST = 10_000;

    private final boolean isHeard;
    private final Map<UUID, EngineEvent.ExecutionSubmitted> submissions = new LinkedHashMap<>();

    /** For an engine: with neither listeners nor metrics nothing is kept. */
    public static Unannounced of(Settings settings) {
        return new Unannounced(
                !settings.listeners().isEmpty() || !settings.host().metrics().isEmpty());
    }

    /** {@code isHeard}: whether anybody is told of events; if not, nothing is kept. */
    public Unannounced(boolean isHeard) {
        this.isHeard = isHeard;
    }

    /** Whether anybody is told of events. */
    public boolean isHeard() {
        return isHeard;
    }

    /** Before the commit: nothing of it can be told by then. */
    synchronized void add(EngineEvent.ExecutionSubmitted submitted) {
        submissions.put(submitted.executionId(), submitted);
        if (submissions.size() > MOST) {
            submissions.remove(submissions.keySet().iterator().next());
        }
    }

    /** What is to be told now of the submission of an execution; null if that was told, or is not this engine's. */
    public EngineEvent.@Nullable ExecutionSubmitted take(UUID execution) {
        if (!isHeard) {
            return null;
        }
        synchronized (this) {
            return submissions.remove(execution);
        }
    }
}
