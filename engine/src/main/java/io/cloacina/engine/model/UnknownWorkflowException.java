package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.NotFoundException;
import java.util.Collection;

/** There is no workflow of that name. */
public final class UnknownWorkflowException extends NotFoundException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN = 20;

    /** For the unknown name, with the names that are known. */
    public UnknownWorkflowException(String workflow, Collection<String> known) {
        this("there is no workflow " + Arguments.shown(workflow) + "; this engine has "
                + known.stream().limit(MAX_SHOWN).toList()
                + (known.size() > MAX_SHOWN ? " and " + (known.size() - MAX_SHOWN) + " more" : "")
                + Arguments.meant(workflow, known));
    }

    private UnknownWorkflowException(String message) {
        super(ErrorCodes.UNKNOWN_WORKFLOW, message);
    }

    /** For a workflow whose package was deleted. */
    public static UnknownWorkflowException deleted(String workflow) {
        return new UnknownWorkflowException(
                "there is no workflow '" + workflow + "' any more: its package was deleted");
    }
}
