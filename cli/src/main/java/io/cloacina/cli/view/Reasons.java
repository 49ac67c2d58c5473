package io.cloacina.cli.view;

import java.util.regex.Pattern;

/** Stored errors, shortened for a line. */
public final class Reasons {
    /** The class of an exception in front of its message has no meaning for a reader of the line; its code has. */
    private static final Pattern EXCEPTION_CLASS = Pattern.compile("^(?:[\\w$]+\\.)+[\\w$]+(?: \\[([A-Z0-9_]+)\\])?: ");

    private Reasons() {}

    /** Its first line without the class of the exception, but with its code, in which nothing commands a terminal. */
    public static String firstLine(String error) {
        String first = error.lines().findFirst().orElse("");
        return Format.printable(EXCEPTION_CLASS
                .matcher(first)
                .replaceFirst(found -> found.group(1) == null ? "" : found.group(1) + ": "));
    }
}
