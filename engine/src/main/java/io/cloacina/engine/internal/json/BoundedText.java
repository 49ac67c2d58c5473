package io.cloacina.engine.internal.json;

import java.io.Writer;

/** Keeps the beginning of what is written, and ends the writing when that is enough: what others write may have no end. */
final class BoundedText extends Writer {
    private final int max;
    private final StringBuilder kept = new StringBuilder();
    private boolean isFull;

    /** @param max how many characters are enough */
    BoundedText(int max) {
        this.max = max;
    }

    /** Whether more was to be written. */
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
        // It is all here.
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
