package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.NotFoundException;

/** There is no schedule of that name. */
public final class UnknownScheduleException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    /** For the unknown name. */
    public UnknownScheduleException(String schedule) {
        super(ErrorCodes.UNKNOWN_SCHEDULE, "there is no schedule " + Arguments.shown(schedule));
    }
}
