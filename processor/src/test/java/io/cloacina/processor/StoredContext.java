package io.cloacina.processor;

import io.cloacina.api.TaskContext;
import io.cloacina.api.TypeOf;
import java.sql.Connection;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A context that keeps values as they are, instead of as JSON. */
final class StoredContext implements TaskContext {
    static final String ELEMENT = "(element)";
    static final String SIGNAL = "(signal)";
    static final String OUTPUT = "(output)";

    private final Map<String, Object> values = new HashMap<>();

    StoredContext with(String key, Object value) {
        values.put(key, value);
        return this;
    }

    private Object value(String key) {
        return Objects.requireNonNull(values.get(key), key);
    }

    private <T> T value(String key, Class<T> type) {
        return type.cast(value(key));
    }

    @SuppressWarnings({"unchecked", "unused"}) // the test asks for what it stored
    private <T> T value(String key, TypeOf<T> type) {
        return (T) value(key);
    }

    @Override
    public <T> Optional<T> find(String key, Class<T> type) {
        return values.containsKey(key) ? Optional.of(value(key, type)) : Optional.empty();
    }

    @Override
    public <T> Optional<T> find(String key, TypeOf<T> type) {
        return values.containsKey(key) ? Optional.of(value(key, type)) : Optional.empty();
    }

    @Override
    public <T> T get(String key, Class<T> type) {
        return value(key, type);
    }

    @Override
    public <T> T get(String key, TypeOf<T> type) {
        return value(key, type);
    }

    @Override
    public String json() {
        throw new UnsupportedOperationException();
    }

    @Override
    public UUID executionId() {
        return new UUID(0, 0);
    }

    @Override
    public String workflow() {
        return "workflow";
    }

    @Override
    public String taskName() {
        return "task";
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public void put(String key, @Nullable Object value) {
        values.put(key, String.valueOf(value));
    }

    @Override
    public void output(@Nullable Object value) {
        values.put(OUTPUT, String.valueOf(value));
    }

    @Override
    public <T> T element(Class<T> type) {
        return value(ELEMENT, type);
    }

    @Override
    public <T> T element(TypeOf<T> type) {
        return value(ELEMENT, type);
    }

    @Override
    public int elementIndex() {
        return 0;
    }

    @Override
    public <T> T signal(Class<T> type) {
        return value(SIGNAL, type);
    }

    @Override
    public <T> T signal(TypeOf<T> type) {
        return value(SIGNAL, type);
    }

    @Override
    public <T> Optional<T> findSignal(Class<T> type) {
        return find(SIGNAL, type);
    }

    @Override
    public <T> Optional<T> findSignal(TypeOf<T> type) {
        return find(SIGNAL, type);
    }

    @Override
    public void continueAs(String workflow, Map<String, ?> input) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public Connection connection() {
        throw new UnsupportedOperationException();
    }
}
