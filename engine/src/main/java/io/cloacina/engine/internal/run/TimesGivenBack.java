package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.model.TaskAbandonedException;
import io.cloacina.schema.type.UniversalUuid;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often a task was found that this process holds and does not run. Once in a while the answer to a commit is lost; what
 * happens to the same task again and again is done by its own body, such as by changing its row. Used by one thread at a time.
 */
final class TimesGivenBack {
    /** So often the answer to a commit is not lost for one task. */
    private static final int MOST = 10;

    /** Whatever happens to so many tasks is not the fault of one. */
    private static final int REMEMBERED = 1_000;

    private final Map<UniversalUuid, Integer> times = new LinkedHashMap<>();

    /** Counts one more of a task that is found so: it is given back, or has failed if it is one too many. */
    Outcome.Ending ending(Claimed claimed) {
        Claim claim = claimed.claim();
        if (claimed.task() == null || !isTooMuch(claim.task())) {
            return new Outcome.Released();
        }
        String error = "abandoned: the end of task '" + claim.taskName() + "' could not be recorded " + (MOST + 1)
                + " times, because its row was changed while it ran, although this runner had claimed it: a body must"
                + " not change the tables of the engine";
        return new Outcome.Failed(error, new TaskAbandonedException(error));
    }

    private boolean isTooMuch(UniversalUuid task) {
        // The one that was counted last is forgotten last.
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
