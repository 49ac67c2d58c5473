package io.cloacina.engine.internal.write;

import io.cloacina.engine.model.EngineEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Submissions that are written and of which no event was published yet. Before another event of such an execution,
 * which shows that it is committed, that of its submission is published. Submissions that joined transactions of the
 * application stay here until they are seen committed. Thread safe.
 */
public final class UnpublishedSubmissions {
    /** Submissions that the application rolled back stay until so many others have been added. */
    private static final int MOST = 10_000;

    private final boolean hasListeners;
    private final Map<UUID, Unpublished> submissions = new LinkedHashMap<>();

    /** @param hasListeners whether anyone listens to events; if nobody does, nothing is kept */
    public UnpublishedSubmissions(boolean hasListeners) {
        this.hasListeners = hasListeners;
    }

    /** Whether anyone listens to events. */
    public boolean hasListeners() {
        return hasListeners;
    }

    /** Called before the commit: until then no other event of the execution can be published. */
    synchronized void add(EngineEvent.ExecutionSubmitted submitted) {
        submissions.put(submitted.executionId(), new Unpublished(submitted));
        if (submissions.size() > MOST) {
            submissions.remove(submissions.keySet().iterator().next());
        }
    }

    /**
     * Publishes the event of a submission, unless this was done or the submission is not this engine's. When this
     * returns, the event has been published: if another thread is doing that, this one waits.
     */
    public void publish(UUID execution, Consumer<EngineEvent.ExecutionSubmitted> listener) {
        Unpublished submission = find(execution);
        if (submission != null) {
            submission.publish(listener);
            remove(execution);
        }
    }

    private synchronized @Nullable Unpublished find(UUID execution) {
        return submissions.get(execution);
    }

    /** The execution was not submitted after all, or its event was published. */
    synchronized void remove(UUID execution) {
        submissions.remove(execution);
    }

    private static final class Unpublished {
        private final EngineEvent.ExecutionSubmitted event;
        private boolean isPublished;

        Unpublished(EngineEvent.ExecutionSubmitted event) {
            this.event = event;
        }

        synchronized void publish(Consumer<EngineEvent.ExecutionSubmitted> listener) {
            if (!isPublished) {
                isPublished = true;
                listener.accept(event);
            }
        }
    }
}
