package io.cloacina.micrometer;

import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Caches meters by their key, because looking one up in a registry takes longer than using it. Thread safe. */
final class Cached<M> {
    private final Map<Key, M> meters = new ConcurrentHashMap<>();
    private final Function<Key, M> register;

    /** The key of a meter; an empty task or tag means that there is none. */
    record Key(Counted what, String workflow, String task, String tag, String value) {
        Tags tags() {
            Tags tags = Tags.of("workflow", workflow);
            tags = task.isEmpty() ? tags : tags.and("task", task);
            return tag.isEmpty() ? tags : tags.and(tag, value);
        }
    }

    Cached(Function<Key, M> register) {
        this.register = register;
    }

    M get(Counted what, String workflow, String task, String tag, String value) {
        Key key = new Key(what, workflow, task, tag, value);
        M found = meters.get(key);
        return found == null ? meters.computeIfAbsent(key, register) : found;
    }
}
