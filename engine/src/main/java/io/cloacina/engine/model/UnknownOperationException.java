package io.cloacina.engine.model;

import io.cloacina.api.ErrorCodes;
import io.cloacina.api.NotFoundException;
import java.util.UUID;

/** There is no bulk operation of that id: it was never stored, or retention has removed it. */
public final class UnknownOperationException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    /** For the unknown id. */
    public UnknownOperationException(UUID operation) {
        super(
                ErrorCodes.UNKNOWN_OPERATION,
                "there is no bulk operation " + operation + " (or it was removed by retention)");
    }
}
