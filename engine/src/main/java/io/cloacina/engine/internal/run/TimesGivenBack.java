package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.model.TaskAbandonedException;
import io.cloacina.schema.type.UniversalUuid;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts how often a task was found whose claim this process holds without running it. An answer to a commit is lost now and
 * then; if it happens to the same task again and again, its body causes it, for example by changing the task's row. Used by one
 * thread at a time.
 */
final class TimesGivenBack {
    /** More often than this, the answer to a commit is not lost for one task by chance. */
    private static final int MOST = 10;

    /** If it happens to more tasks than this, it is not the fault of one, and the oldest are forgotten. */
    private static final int REMEMBERED = 1_000;

    private final Map<UniversalUuid, Integer> times = new LinkedHashMap<>();

    /** Counts one more time for a task: it is released, or failed if it has happened too often. */
    Outcome.Ending ending(Claimed claimed) {
        Claim claim = claimed.claim();
        if (claimed.isOrphan() || !isTooMuch(claim.task())) {
            return new Outcome.Released();
        }
        String error = "abandoned: the end of task '" + claim.taskName() + "' could not be recorded " + (MOST + 1)
                + " times, because its row was changed while it ran, although this runner had claimed it: a body must"
                + " not change the tables of the engine";
        return new Outcome.Failed(error, new TaskAbandonedException(error));
    }

    private boolean isTooMuch(UniversalUuid task) {
        // Inserts the task as the newest entry, because the oldest is forgotten first.
        Integer before = times.remove(task);
        int now = before == null ? 1 : before + 1;
        if (now > MOST) {
            return true;
        }
        times.put(task, now);
        if (times.size() > REMEMBERED) {
            times.remove(times.keySet().iterator().next());
        }
        return false;
    }
}
