package io.cloacina.engine;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;

/** Text that is written up to a length and not further: what has no end is not written until memory has one. */
final class BoundedText extends Writer {
    private static final char[] NOTHING = {};
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private final int max;
    private char[] chars = NOTHING;
    private int length;
    private boolean isFull;

    /** @param max how many characters it may have */
    BoundedText(int max) {
        this.max = max;
    }

    /** Whether more was to be written than it may have. */
    boolean isFull() {
        return isFull;
    }

    /** The characters, of which the first {@link #length()} were written. */
    char[] chars() {
        return chars;
    }

    int length() {
        return length;
    }

    @Override
    public void write(char[] from, int offset, int count) throws IOException {
        if (isFull || count > max - length) {
            isFull = true;
            throw new IOException("more than " + max + " characters");
        }
        if (count > chars.length - length) {
            // A short text comes in one piece, and has no more room than it needs.
            long larger = Math.max(2L * chars.length, (long) length + count);
            chars = Arrays.copyOf(chars, (int) Math.min(larger, Math.min(max, MAX_ARRAY)));
        }
        System.arraycopy(from, offset, chars, length, count);
        length += count;
    }

    @Override
    public String toString() {
        return new String(chars, 0, length);
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
