package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.NotFoundException;

/** There is no alert of that name. */
public final class UnknownAlertException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    /** For the unknown name. */
    public UnknownAlertException(String alert) {
        super(ErrorCodes.UNKNOWN_ALERT, "there is no alert " + Arguments.shown(alert));
    }
}
