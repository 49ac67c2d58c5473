package io.cloacina.cli.view;

/**
 * How parts of a line stand out: by colours where they are wanted, otherwise not at all.
 *
 * @param hasColours whether they are wanted
 */
public record Style(boolean hasColours) {
    /** What matters most. */
    public String strong(String text) {
        return wrapped("1", text);
    }

    /** What may be passed over. */
    public String faint(String text) {
        return wrapped("2", text);
    }

    /** What ended well. */
    public String good(String text) {
        return wrapped("32", text);
    }

    /** What went wrong. */
    public String bad(String text) {
        return wrapped("31", text);
    }

    /** What is under way. */
    public String busy(String text) {
        return wrapped("36", text);
    }

    /** What needs an action of a person. */
    public String held(String text) {
        return wrapped("33", text);
    }

    /** As the state of that label, of an execution or a task, looks. */
    public String state(String label, String text) {
        return switch (label) {
            case "Completed" -> good(text);
            case "Failed" -> bad(text);
            case "Running" -> busy(text);
            case "Waiting", "Paused" -> held(text);
            case "Skipped", "Cancelled", "NotStarted" -> faint(text);
            default -> text;
        };
    }

    private String wrapped(String code, String text) {
        return hasColours && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
