package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of values that are stored although they are large, once for a workflow and key. Thread safe. */
public final class LargeValues {
    /** The size of one value, in bytes of JSON, above which a warning is logged. */
    static final int LARGE = 256 << 10;

    /** Keys may be derived from data, so only this many are remembered, and after that no more warnings are logged. */
    static final int MAX_REMEMBERED = 100;

    private static final Logger LOG = LoggerFactory.getLogger(LargeValues.class);

    private record Place(String workflow, String key) {}

    private final Set<Place> warned = ConcurrentHashMap.newKeySet();

    private final Consumer<String> log;

    LargeValues() {
        this(LOG::warn);
    }

    LargeValues(Consumer<String> log) {
        this.log = log;
    }

    /**
     * Logs a warning if a value that is about to be stored is large.
     *
     * @param task the task that wrote it; null for an input
     * @param text the JSON of {@code values}; null if there are none
     */
    public void look(String workflow, @Nullable String task, ObjectNode values, @Nullable String text) {
        // A character has at most three bytes, so the bytes of a short text need not be counted.
        if (text == null || text.length() <= LARGE / 3 || bytes(text) <= LARGE) {
            return;
        }
        for (Map.Entry<String, JsonNode> each : values.properties()) {
            int bytes = bytes(JsonMapping.text(each.getValue(), "a value"));
            if (bytes > LARGE && warned.size() < MAX_REMEMBERED && warned.add(new Place(workflow, each.getKey()))) {
                log.accept((task == null ? "the input of" : "task '" + task + "' of") + " workflow '" + workflow
                        + "' stores '" + ErrorText.shown(each.getKey()) + "' with " + bytes
                        + " bytes of JSON, more than " + LARGE + ", and every task after it reads them: store large"
                        + " data elsewhere and pass on where it is (docs/how-to/large-values.md). Later values of"
                        + " this key are not logged");
            }
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
