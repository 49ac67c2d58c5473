package io.cloacina.engine.internal.json;

import java.io.Writer;

/**
 * Keeps the beginning of what is written, and throws when the limit is exceeded, because code of the application may write
 * without end.
 */
final class BoundedText extends Writer {
    private final int max;
    private final StringBuilder kept = new StringBuilder();
    private boolean isFull;

    /** @param max the largest number of characters that are kept */
    BoundedText(int max) {
        this.max = max;
    }

    /** Whether the limit was exceeded. */
    boolean isFull() {
        return isFull;
    }

    @Override
    public void write(char[] from, int offset, int count) {
        int room = max - kept.length();
        kept.append(from, offset, Math.min(count, room));
        if (count > room) {
            isFull = true;
            throw new IllegalStateException("more than " + max + " characters");
        }
    }

    @Override
    public String toString() {
        return kept.toString();
    }

    @Override
    public void flush() {
        // Nothing is buffered elsewhere.
    }

    @Override
    public void close() {
        // There is nothing to release.
    }
}
