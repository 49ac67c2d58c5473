package io.cloacina.api;

import java.util.Optional;

/** The JSON data of an execution, read as Java values. */
public interface Context {
    /**
     * The value of a key; empty if it is absent or null.
     *
     * @throws CloacinaException if the value is not of that type, naming the key and both types
     */
    <T> Optional<T> find(String key, Class<T> type);

    /** As {@link #find(String, Class)}. */
    <T> Optional<T> find(String key, TypeOf<T> type);

    /**
     * The value of a key that must be present.
     *
     * @throws CloacinaException if it is absent, or not of that type
     */
    <T> T get(String key, Class<T> type);

    /** As {@link #get(String, Class)}. */
    <T> T get(String key, TypeOf<T> type);

    /** Everything, as a JSON object. */
    String json();
}
