package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.NotFoundException;
import java.util.Collection;

/** No runner has stored that version of a workflow, or its package was deleted. */
public final class UnknownVersionException extends NotFoundException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN = 20;

    /** For the unknown version, with the versions that are stored, newest first. */
    public UnknownVersionException(String workflow, String version, Collection<String> known) {
        this("workflow " + Arguments.shown(workflow) + " has no stored version " + Arguments.shown(version)
                + "; the stored versions are, newest first: "
                + String.join(", ", known.stream().limit(MAX_SHOWN).toList())
                + (known.size() > MAX_SHOWN ? " and " + (known.size() - MAX_SHOWN) + " more" : "")
                + Arguments.meant(version, known));
    }

    private UnknownVersionException(String message) {
        super(ErrorCodes.UNKNOWN_VERSION, message);
    }

    /** For a version whose package was deleted. */
    public static UnknownVersionException deleted(String workflow, String version) {
        return new UnknownVersionException("version " + version + " of workflow " + Arguments.shown(workflow)
                + " came with a package that was deleted: upload that again");
    }
}
