package io.cloacina.cli.demo;

/** A file that was read: the first 128 bits of its SHA-256, hexadecimal. */
record HashedFile(String hash, long bytes, String path) {
    /** {@code hash bytes path}. */
    String line() {
        return hash + " " + bytes + " " + path;
    }

    static HashedFile ofLine(String line) {
        String[] parts = line.split(" ", 3);
        return new HashedFile(parts[0], Long.parseLong(parts[1]), parts[2]);
    }
}
