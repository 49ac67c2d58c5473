package io.cloacina.cli.demo;

/** A file as the scan found it. The path is relative to the folder, with {@code /} between its parts. */
record FoundFile(String path, long bytes) {
    /** {@code bytes path}. */
    String line() {
        return bytes + " " + path;
    }

    static FoundFile ofLine(String line) {
        int space = line.indexOf(' ');
        return new FoundFile(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
    }
}
