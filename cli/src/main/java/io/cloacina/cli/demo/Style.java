package io.cloacina.cli.demo;

/** How parts of a line stand out: by colours where they are wanted, otherwise not at all. */
record Style(boolean hasColours) {
    String strong(String text) {
        return wrapped("1", text);
    }

    String faint(String text) {
        return wrapped("2", text);
    }

    String good(String text) {
        return wrapped("32", text);
    }

    String bad(String text) {
        return wrapped("31", text);
    }

    private String wrapped(String code, String text) {
        return hasColours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
