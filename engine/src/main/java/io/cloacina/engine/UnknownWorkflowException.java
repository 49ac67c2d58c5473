package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import java.util.Collection;
import java.util.List;

/** A workflow that the engine does not have. */
public final class UnknownWorkflowException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    UnknownWorkflowException(String workflow, Collection<String> known) {
        this("there is no workflow '" + workflow + "'; this engine has " + List.copyOf(known));
    }

    private UnknownWorkflowException(String message) {
        super("UNKNOWN_WORKFLOW", message);
    }

    static UnknownWorkflowException deleted(String workflow) {
        return new UnknownWorkflowException(
                "there is no workflow '" + workflow + "' any more: its package was deleted");
    }
}
