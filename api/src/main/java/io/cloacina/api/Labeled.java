package io.cloacina.api;

/** An enum constant that is stored as text. */
public interface Labeled {
    /** The stored text: constant, not empty, and unique in its enum. */
    String label();
}
