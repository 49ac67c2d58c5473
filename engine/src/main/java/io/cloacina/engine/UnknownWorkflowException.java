package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import java.util.Collection;
import java.util.List;

/** A workflow that the engine does not have. */
public final class UnknownWorkflowException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    UnknownWorkflowException(String workflow, Collection<String> known) {
        super("UNKNOWN_WORKFLOW", "there is no workflow '" + workflow + "'; this engine has " + List.copyOf(known));
    }
}
