package io.cloacina.api;

/** Where the bytes of a package are stored. */
public enum StorageType implements Labeled {
    /** In the registry table. */
    DATABASE("database"),
    /** In a file beside the database. */
    FILESYSTEM("filesystem");

    private final String label;

    StorageType(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
