package io.cloacina.engine.internal.write;

import io.cloacina.engine.model.EngineEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
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
    private final Map<UUID, Untold> submissions = new LinkedHashMap<>();

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
        submissions.put(submitted.executionId(), new Untold(submitted));
        if (submissions.size() > MOST) {
            submissions.remove(submissions.keySet().iterator().next());
        }
    }

    /**
     * Tells of the submission of an execution, unless that was told or is not this engine's. When this returns, it has been told:
     * another thread that tells of it just now is waited for.
     */
    public void tell(UUID execution, Consumer<EngineEvent.ExecutionSubmitted> listener) {
        Untold untold = find(execution);
        if (untold != null) {
            untold.tell(listener);
            remove(execution);
        }
    }

    private synchronized @Nullable Untold find(UUID execution) {
        return submissions.get(execution);
    }

    /** It was not submitted after all, or has been told. */
    synchronized void remove(UUID execution) {
        submissions.remove(execution);
    }

    private static final class Untold {
        private final EngineEvent.ExecutionSubmitted event;
        private boolean isTold;

        Untold(EngineEvent.ExecutionSubmitted event) {
            this.event = event;
        }

        synchronized void tell(Consumer<EngineEvent.ExecutionSubmitted> listener) {
            if (!isTold) {
                isTold = true;
                listener.accept(event);
            }
        }
    }
}
