package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.store.ReasonStore.Unfinished;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.Reason.Kind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link Reason} that is being put together. */
final class Why {
    private final Unfinished task;
    private final Kind kind;
    private final String sentence;
    private final Map<String, String> data = new LinkedHashMap<>();
    private @Nullable Instant since;
    private @Nullable Instant until;

    Why(Unfinished task, Kind kind, String sentence) {
        this.task = task;
        this.kind = kind;
        this.sentence = sentence;
    }

    Why since(@Nullable Instant at) {
        this.since = at;
        return this;
    }

    Why until(@Nullable Instant at) {
        this.until = at;
        return this;
    }

    Why with(String name, @Nullable Object value) {
        if (value != null) {
            data.put(name, value.toString());
        }
        return this;
    }

    Reason reason() {
        return new Reason(task.name(), task.status(), kind, sentence, since, until, data);
    }
}
