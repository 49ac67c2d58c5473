package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.NotFoundException;

/** There is no package of that name and version. */
public final class UnknownPackageException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    /** For the unknown name and version. */
    public UnknownPackageException(String name, String version) {
        super(
                ErrorCodes.UNKNOWN_PACKAGE,
                "there is no package " + Arguments.shown(name) + " version " + Arguments.shown(version));
    }
}
