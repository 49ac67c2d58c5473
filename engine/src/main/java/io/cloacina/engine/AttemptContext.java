package io.cloacina.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskContext;
import java.sql.Connection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the body of one attempt sees, and what it wrote. */
final class AttemptContext implements TaskContext {
    private final Claimed claimed;
    private final Base base;
    private final @Nullable Connection connection;
    private final ObjectNode written = JsonContext.empty();
    private volatile boolean ended;

    AttemptContext(Claimed claimed, Base base, @Nullable Connection connection) {
        this.claimed = claimed;
        this.base = base;
        this.connection = connection;
    }

    @Override
    public UUID executionId() {
        return claimed.claim().execution().value();
    }

    @Override
    public String workflow() {
        return claimed.workflow().name();
    }

    @Override
    public String taskName() {
        return claimed.claim().taskName();
    }

    @Override
    public int attempt() {
        return claimed.claim().attempt();
    }

    @Override
    public Connection connection() {
        requireRunning();
        if (connection == null) {
            throw new CloacinaException(
                    "NOT_TRANSACTIONAL",
                    where() + " is not transactional and has no connection; say transactional() where it is defined");
        }
        return connection;
    }

    @Override
    public <T> Optional<T> find(String key, Class<T> type) {
        requireRunning();
        return JsonContext.read(value(key), key, type, where());
    }

    @Override
    public <T> T get(String key, Class<T> type) {
        return find(key, type).orElseThrow(() -> JsonContext.absent(key, where()));
    }

    @Override
    public void put(String key, @Nullable Object value) {
        requireRunning();
        written.set(key, JsonContext.node(key, value));
    }

    @Override
    public String json() {
        requireRunning();
        if (written.isEmpty()) {
            return base.values().toString();
        }
        ObjectNode all = JsonContext.empty();
        all.setAll(base.values());
        JsonContext.apply(written, all);
        return all.toString();
    }

    /** The body has returned: from now on what it saw may be changed under it. */
    void end() {
        ended = true;
    }

    Base base() {
        return base;
    }

    ObjectNode written() {
        return written;
    }

    /** The patch to store, or null if nothing was written. */
    @Nullable
    String patch(int maxBytes) {
        return JsonContext.stored(written, "what " + where() + " wrote", maxBytes);
    }

    private @Nullable JsonNode value(String key) {
        JsonNode own = written.get(key);
        return own != null ? own : base.values().get(key);
    }

    private void requireRunning() {
        if (ended) {
            throw new CloacinaException(
                    "TASK_ENDED", where() + " has ended; its context cannot be used after its body returned");
        }
    }

    private String where() {
        return "task '" + taskName() + "' of execution " + executionId();
    }
}
