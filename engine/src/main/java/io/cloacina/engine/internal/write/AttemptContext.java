package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TypeOf;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.ContextSnapshot;
import io.cloacina.engine.internal.claim.Inputs;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.JsonMapping;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The {@link TaskContext} of one attempt: the values that its body sees, and those that the body wrote. */
public final class AttemptContext implements TaskContext {
    private static final String ELEMENT = "the element";

    private final Claimed claimed;
    private final ContextSnapshot snapshot;
    private final Clock clock;
    private final @Nullable Connection connection;
    private final JsonMapping json;
    private final Definitions definitions;
    private final int maxBytes;
    private final ObjectNode written = JsonContext.empty();
    private @Nullable Received received;
    private @Nullable String continuation;
    private Map<String, String> handedOn = Map.of();
    private volatile boolean ended;

    /** @param maxBytes how many bytes of JSON a value, or all that the attempt writes, may have at most */
    public AttemptContext(
            Claimed claimed,
            ContextSnapshot snapshot,
            Clock clock,
            @Nullable Connection connection,
            JsonMapping json,
            Definitions definitions,
            int maxBytes) {
        this.claimed = claimed;
        this.snapshot = snapshot;
        this.clock = clock;
        this.connection = connection;
        this.json = json;
        this.definitions = definitions;
        this.maxBytes = maxBytes;
    }

    /** The signal that the task waited for; {@code value} is null if it did not come in time, or without a value. */
    public record Received(String name, @Nullable JsonNode value) {}

    public void received(Received signal) {
        received = signal;
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
        return claimed.claim().run();
    }

    @Override
    public Connection connection() {
        requireRunning();
        if (connection == null) {
            throw new CloacinaException(
                    ErrorCodes.NOT_TRANSACTIONAL,
                    where() + " is not transactional and has no connection; call transactional() in its definition");
        }
        return connection;
    }

    @Override
    public <T> Optional<T> find(String key, Class<T> type) {
        requireRunning();
        return JsonContext.read(json, value(key), key, type, where());
    }

    @Override
    public <T> Optional<T> find(String key, TypeOf<T> type) {
        requireRunning();
        return JsonContext.read(json, value(key), key, type, where());
    }

    @Override
    public <T> T get(String key, Class<T> type) {
        return find(key, type).orElseThrow(() -> absent(key));
    }

    @Override
    public <T> T get(String key, TypeOf<T> type) {
        return find(key, type).orElseThrow(() -> absent(key));
    }

    @Override
    public void put(String key, @Nullable Object value) {
        if (claimed.stage().element() != null) {
            throw new CloacinaException(
                    ErrorCodes.ELEMENT_WRITES,
                    where() + " runs for one element and cannot write " + Arguments.shown(key)
                            + ": call output(value), which becomes part of the output list of the task");
        }
        write(key, value);
    }

    @Override
    public void output(@Nullable Object value) {
        write(outputKey(), value);
    }

    @Override
    public <T> T element(Class<T> type) {
        requireRunning();
        return JsonContext.read(json, elementNode(), ELEMENT, type, where()).orElseThrow(this::nullElement);
    }

    @Override
    public <T> T element(TypeOf<T> type) {
        requireRunning();
        return JsonContext.read(json, elementNode(), ELEMENT, type, where()).orElseThrow(this::nullElement);
    }

    @Override
    public int elementIndex() {
        return requireElement().index();
    }

    @Override
    public <T> T signal(Class<T> type) {
        return findSignal(type).orElseThrow(this::noSignal);
    }

    @Override
    public <T> T signal(TypeOf<T> type) {
        return findSignal(type).orElseThrow(this::noSignal);
    }

    @Override
    public <T> Optional<T> findSignal(Class<T> type) {
        Received signal = requireSignal();
        return JsonContext.read(json, signal.value(), signal.name(), type, where());
    }

    @Override
    public <T> Optional<T> findSignal(TypeOf<T> type) {
        Received signal = requireSignal();
        return JsonContext.read(json, signal.value(), signal.name(), type, where());
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void continueAs(String workflow, Map<String, ?> input) {
        requireRunning();
        if (claimed.stage().element() != null || claimed.task().child().isPresent()) {
            throw new CloacinaException(
                    ErrorCodes.CONTINUE_AS,
                    where() + " cannot continue its execution as another one, because it runs for an element or has a"
                            + " child: do this in a task after it");
        }
        Workflow successor = definitions.forChild(Arguments.given("the name of the workflow", workflow));
        String where = "the input of workflow '" + successor.name() + "'";
        ObjectNode values = JsonContext.object(json, Arguments.given("the input", input), where, maxBytes);
        Inputs.check(successor.stored(), values, Set.of());
        LimitKeys.require(successor, values);
        JsonContext.stored(values, where, maxBytes);
        continuation = StoredContinuation.json(successor.name(), values, handedOn);
    }

    /** Called by interceptors: sets the values that the child or the successor of this execution will carry. */
    void handOn(Map<String, String> carried) {
        requireRunning();
        handedOn = carried;
    }

    /** The carried values for the child or the successor of this execution. */
    public Map<String, String> handedOn() {
        return handedOn;
    }

    /** The successor that the body asked for with {@link #continueAs}, as it is stored; null if it asked for none. */
    @Nullable
    String continuation() {
        return continuation;
    }

    @Override
    public String json() {
        requireRunning();
        if (written.isEmpty()) {
            return JsonContext.text(snapshot.values(), where());
        }
        ObjectNode all = JsonContext.empty();
        all.setAll(snapshot.values());
        JsonContext.apply(written, all);
        return JsonContext.text(all, where());
    }

    /** Called when the body has returned. From then on values are out of reach, because they may change in place. */
    public void end() {
        ended = true;
    }

    public ContextSnapshot base() {
        return snapshot;
    }

    public ObjectNode written() {
        return written;
    }

    /** The patch to store, or null if the task wrote nothing. */
    @Nullable
    public String patch() {
        String patch = JsonContext.stored(written, "what " + where() + " wrote", maxBytes);
        json.largeValues().look(workflow(), outputKey(), written, patch);
        return patch;
    }

    /** The key of the task's output: the name of the task, also in a run for an element. */
    public String outputKey() {
        return claimed.task().name();
    }

    /** Sets an output that the engine computed, such as the result of a child, in place of what the body returned. */
    public void outputNode(JsonNode value) {
        written.set(outputKey(), value);
    }

    private void write(String key, @Nullable Object value) {
        requireRunning();
        String where = "what " + where() + " writes";
        String checked = JsonContext.requireKey(Arguments.given("the key", key), where);
        written.set(checked, JsonContext.node(json, checked, value, where, maxBytes));
    }

    private Claimed.Element requireElement() {
        requireRunning();
        Claimed.Element element = claimed.stage().element();
        if (element == null) {
            throw new CloacinaException(
                    ErrorCodes.NO_ELEMENT, where() + " does not run for elements; call forEach(key) in its definition");
        }
        return element;
    }

    private JsonNode elementNode() {
        return JsonContext.tree(requireElement().json(), where());
    }

    private CloacinaException nullElement() {
        return new CloacinaException(ErrorCodes.MISSING_VALUE, "the element of " + where() + " is null");
    }

    private Received requireSignal() {
        requireRunning();
        if (received == null) {
            throw new CloacinaException(
                    ErrorCodes.NO_SIGNAL, where() + " does not wait for a signal; call signal(name) in its definition");
        }
        return received;
    }

    private CloacinaException noSignal() {
        return new CloacinaException(
                ErrorCodes.MISSING_VALUE,
                "the signal '" + requireSignal().name() + "' of " + where()
                        + " did not come in time, or was sent without a value; use findSignal");
    }

    private CloacinaException absent(String key) {
        String writer = claimed.workflow().writer(claimed.task(), key, "it");
        return JsonContext.absent(key, where(), writer, snapshot.values());
    }

    private @Nullable JsonNode value(String key) {
        JsonNode own = written.get(Arguments.given("the key", key));
        return own != null ? own : snapshot.values().get(key);
    }

    private void requireRunning() {
        if (ended) {
            throw new CloacinaException(
                    ErrorCodes.TASK_ENDED, where() + " has ended; its context cannot be used after its body returned");
        }
    }

    private String where() {
        return "task '" + taskName() + "' of execution " + executionId();
    }
}
