package io.cloacina.benchmarks;

/** What is measured, as figures name it. */
enum Setup {
    SQLITE_MEMORY("sqlite-memory"),
    SQLITE_FILE_FULL("sqlite-file-full"),
    SQLITE_FILE_NORMAL("sqlite-file-normal"),
    POSTGRESQL("postgresql");

    private final String label;

    Setup(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
