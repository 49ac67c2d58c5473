package io.cloacina.schema.type;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.Arrays;

/**
 * Immutable bytes, equal by content. Ordered lexicographically by unsigned byte, a prefix before what it begins, as
 * both databases sort.
 */
public final class UniversalBinary implements Comparable<UniversalBinary> {
    private final byte[] bytes;

    private UniversalBinary(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A value with a copy of these bytes. */
    public static UniversalBinary of(byte[] copied) {
        return new UniversalBinary(ArgumentChecks.given("the bytes", copied).clone());
    }

    /** A value with {@code bytes} itself, without a copy; the array must not be changed afterwards. */
    static UniversalBinary owning(byte[] bytes) {
        return new UniversalBinary(bytes);
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The bytes without a copy; the array must not be changed. */
    byte[] shared() {
        return bytes;
    }

    /** The number of bytes. */
    public int size() {
        return bytes.length;
    }

    @Override
    public int compareTo(UniversalBinary other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UniversalBinary that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The size only, such as {@code UniversalBinary[12 bytes]}, because the content may be large or secret. */
    @Override
    public String toString() {
        return "UniversalBinary[" + bytes.length + " bytes]";
    }
}
