package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.util.List;

/** A package was refused; nothing was stored. The message lists all its problems. */
public final class PackageRefusedException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    /** A list of the JDK, which is serializable. */
    @SuppressWarnings("serial")
    private final List<String> reasons;

    /** For a package, with all its problems. */
    public PackageRefusedException(String what, List<String> reasons) {
        super(ErrorCodes.PACKAGE_REFUSED, what + " is refused: " + String.join("; ", reasons));
        this.reasons = List.copyOf(reasons);
    }

    /** Its problems, one sentence each. */
    public List<String> reasons() {
        return reasons;
    }
}
