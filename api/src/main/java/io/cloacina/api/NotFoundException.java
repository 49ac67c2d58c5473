package io.cloacina.api;

/**
 * There is nothing of the id or the name that was given. The code, which begins with {@code UNKNOWN_}, and the subclass
 * tell what does not exist.
 */
public class NotFoundException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    /** With a code, such as {@code UNKNOWN_TASK}, and a message. */
    public NotFoundException(String code, String message) {
        super(code, message);
    }
}
