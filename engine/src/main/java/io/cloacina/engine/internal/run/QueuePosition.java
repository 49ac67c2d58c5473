package io.cloacina.engine.internal.run;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.engine.internal.store.AttemptStore;
import io.cloacina.engine.internal.store.ReasonStore;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.schema.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * What a ready task that nothing else keeps waiting has before it.
 *
 * @param before how many ready tasks come first
 * @param refused why no thread took the body of its last attempt; null if that was not refused
 */
record QueuePosition(Count before, @Nullable String refused) {
    private static final int MOST_BEFORE = 1_000;

    static QueuePosition of(Database database, Execution execution, ReasonStore.Unfinished task) {
        ReasonStore.Place place = new ReasonStore.Place(
                execution.workflow(), execution.version(), task.priority(), task.id(), MOST_BEFORE + 1);
        String refused = database.list(AttemptStore.LAST, task.id()).stream()
                .findFirst()
                .map(AttemptStore.Stored::attempt)
                .filter(last -> last.outcome() == AttemptOutcome.INTERRUPTED)
                .map(TaskAttempt::error)
                .orElse(null);
        return new QueuePosition(
                Counts.upTo(
                        MOST_BEFORE, database.find(ReasonStore.BEFORE, place).orElse(0L)),
                refused);
    }

    /** The rest of a sentence, which begins with a semicolon, or nothing. */
    String sentence() {
        return (before.isZero() ? "" : "; " + before + " ready tasks of this version come before it")
                + (refused == null ? "" : "; its last attempt was released: " + refused);
    }
}
