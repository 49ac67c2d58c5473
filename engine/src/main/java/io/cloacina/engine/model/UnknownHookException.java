package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.NotFoundException;

/** There is no webhook of that name. */
public final class UnknownHookException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    /** For the unknown name. */
    public UnknownHookException(String hook) {
        super(ErrorCodes.UNKNOWN_HOOK, "there is no hook " + Arguments.shown(hook) + " (a new one needs a secret)");
    }
}
