package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.util.List;

/** A task failed because runs for elements of its list failed for good, after all attempts of the retry policy. */
public final class ElementsFailedException extends CloacinaException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 5;

    /**
     * For a task, errors of some of the failed runs, and the number of all runs; the message contains the first errors.
     */
    public ElementsFailedException(String task, List<String> failures, int all) {
        super(
                ErrorCodes.ELEMENTS_FAILED,
                failures.size() + " of the " + all + " runs of task '" + task + "' failed: "
                        + String.join("; ", failures.subList(0, Math.min(SHOWN, failures.size())))
                        + (failures.size() > SHOWN ? "; …" : ""));
    }
}
