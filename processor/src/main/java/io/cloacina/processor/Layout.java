package io.cloacina.processor;

/**
 * Where expressions are broken when their line is too long. A place for that is a line break in the text: literals have none,
 * theirs are escaped.
 */
final class Layout {
    static final String INDENT = "        ";
    /** Between calls. */
    static final String BREAK = "\n";
    /** Between arguments. */
    static final String COMMA = ",\n";

    private static final int WIDTH = 120;

    private Layout() {}

    static boolean fits(String line) {
        return line.length() <= WIDTH;
    }

    /** On one line. */
    static String joined(String expression) {
        return expression.replace(COMMA, ", ").replace(BREAK, "");
    }

    /** On one line if that fits behind the indentation, otherwise on as many as there are places. */
    static String wrapped(String expression, String indentation) {
        String line = joined(expression);
        return fits(indentation + line) ? line : expression.replace(BREAK, "\n" + indentation + INDENT);
    }
}
