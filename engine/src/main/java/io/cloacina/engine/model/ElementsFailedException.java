package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import java.util.List;

/**
 * Runs for elements of a list failed for good, which fails their task. Each was tried as often as its policy allows.
 */
public final class ElementsFailedException extends CloacinaException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 5;

    /** Of a task, with how some of its {@code all} runs failed; the message has the first of them. */
    public ElementsFailedException(String task, List<String> failures, int all) {
        super(
                "ELEMENTS_FAILED",
                failures.size() + " of the " + all + " runs of task '" + task + "' failed: "
                        + String.join("; ", failures.subList(0, Math.min(SHOWN, failures.size())))
                        + (failures.size() > SHOWN ? "; …" : ""));
    }
}
