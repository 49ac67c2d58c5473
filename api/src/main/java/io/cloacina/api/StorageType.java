package io.cloacina.api;

/** Where the bytes of a package are stored. */
public enum StorageType implements Labeled {
    /** In the registry table. */
    DATABASE("database"),
    /** In a file in the package directory of the engine that uploaded it. */
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
