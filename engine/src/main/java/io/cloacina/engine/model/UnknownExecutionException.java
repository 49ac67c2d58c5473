package io.cloacina.engine.model;

import io.cloacina.api.ErrorCodes;
import io.cloacina.api.NotFoundException;
import java.util.UUID;

/** There is no execution of that id: it was never stored, or it has been removed. */
public final class UnknownExecutionException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    /** For the unknown id. */
    public UnknownExecutionException(UUID execution) {
        super(ErrorCodes.UNKNOWN_EXECUTION, "there is no execution " + execution + " (or it was removed by retention)");
    }
}
