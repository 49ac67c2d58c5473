package io.cloacina.engine;

import io.cloacina.api.AlertKind;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.HookSignature;
import io.cloacina.engine.internal.run.AlertMessage;
import io.cloacina.engine.internal.run.SettledEvents;
import io.cloacina.engine.internal.store.AlertStore;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.engine.model.Alert;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of the database: when a message is sent to a URL. Engines that were built with {@link EngineBuilder#alerts()}
 * evaluate the rules, one of them at a time, every five seconds. A rule becomes firing, or quiet again, in one transaction
 * with the submission of its message, which the workflow {@value AlertRule#DELIVERY} delivers: so each message is sent once
 * it is true, is retried for about six hours, and is not lost with a process. A receiver may get a message twice, with the
 * same id. URLs and secrets are stored as payloads are, so encoded where the engine has a codec, and no method returns a
 * secret. Thread safe.
 */
public final class Alerts {
    private final Supplier<EngineRuntime> running;

    /** @param running the parts of the engine; throws if it does not run */
    Alerts(Supplier<EngineRuntime> running) {
        this.running = running;
    }

    /**
     * Stores a rule, in place of one of that name, which keeps its secret, whether it is enabled and, if it is of the same
     * kind, whether it fires. A new one is enabled and not signed.
     *
     * @throws UnknownWorkflowException if neither this engine nor the database has its workflow; nothing is stored then
     * @throws CloacinaException with the code {@code EVENTS_OFF} if it tells of ends of executions, and the stream of events
     *     is not {@linkplain Events#enable enabled}
     */
    public void put(AlertRule rule) {
        store(Arguments.given("the rule", rule), null);
    }

    /**
     * As {@link #put(AlertRule)}, with a secret that its messages are signed with, as Standard Webhooks 1.0 says.
     *
     * @param secret from 16 to 500 printable ASCII characters, no space at its ends. If it begins with {@code whsec_}, the
     *     rest is Base64; any other is taken as it is.
     * @throws CloacinaException with the code {@code INVALID_ALERT} if the secret is none; it is not in the message
     */
    public void put(AlertRule rule, String secret) {
        Arguments.given("the rule", rule);
        HookSigning.checked("INVALID_ALERT", "an alert", HookSignature.STANDARD, Arguments.given("the secret", secret));
        store(rule, secret);
    }

    private void store(AlertRule rule, @Nullable String secret) {
        if (rule.workflow() != null) {
            running.get().parts().definitions().named(rule.workflow());
        }
        if (rule.kind() == AlertKind.EXECUTION_ENDED && !SettledEvents.areOn(database())) {
            throw SettledEvents.off();
        }
        UniversalUuid id = UniversalUuid.v7();
        call(work -> {
            AlertStore.Stored before = work.find(AlertStore.FIND, rule.name()).orElse(null);
            AlertStore.Put put = new AlertStore.Put(id, rule, secret, from(work.at()), work.at());
            int stored = work.run(secret == null ? AlertStore.PUT : AlertStore.PUT_SIGNED, put);
            if (before != null && before.kind() != rule.kind()) {
                work.run(AlertStore.SWITCH, change(rule.name(), before.isEnabled(), work.at()));
            }
            return stored;
        });
    }

    /** The alert of that name. */
    public Optional<Alert> find(String name) {
        return database().find(AlertStore.FIND, AlertRule.checkedName(name)).map(AlertStore.Stored::alert);
    }

    /** All alerts, by name. */
    public List<Alert> list() {
        return database().list(AlertStore.ALL).stream()
                .map(AlertStore.Stored::alert)
                .toList();
    }

    /**
     * Removes an alert; a message that is still to be delivered fails, because nothing says where to. Returns false if there
     * is no such alert.
     */
    public boolean delete(String name) {
        AlertRule.checkedName(name);
        return call(work -> work.run(AlertStore.DELETE, name)) > 0;
    }

    /**
     * Lets an alert be evaluated, from now on: it begins quiet, and ends of executions before now are not told of. Nothing
     * changes if it is enabled.
     *
     * @throws CloacinaException with the code {@code UNKNOWN_ALERT} if there is none of that name
     */
    public void enable(String name) {
        turn(name, true);
    }

    /**
     * Lets an alert no longer be evaluated. If it fires, it becomes quiet without a message. Nothing changes if it is disabled.
     *
     * @throws CloacinaException with the code {@code UNKNOWN_ALERT} if there is none of that name
     */
    public void disable(String name) {
        turn(name, false);
    }

    private void turn(String name, boolean isEnabled) {
        if (requireKnown(name).isEnabled() != isEnabled
                && call(work -> work.run(AlertStore.SWITCH, change(name, isEnabled, work.at()))) == 0) {
            throw unknown(name);
        }
    }

    /**
     * Sends a message that says that it is a test, also for one that is disabled.
     *
     * @return the execution that delivers it
     * @throws CloacinaException with the code {@code UNKNOWN_ALERT} if there is none of that name; with {@code ALERTS_OFF} if
     *     no engine on this database was ever built with {@link EngineBuilder#alerts()}
     */
    public UUID test(String name) {
        AlertRule rule = requireKnown(name).rule();
        UniversalTimestamp now =
                UniversalTimestamp.now(running.get().parts().settings().clock());
        AlertMessage message = AlertMessage.test(rule, now.toInstant());
        try {
            return running.get()
                    .lanes()
                    .submit(List.of(message.prepared(
                            UniversalUuid.v7(),
                            running.get().parts().definitions().named(AlertRule.DELIVERY),
                            now)))
                    .get(0)
                    .value();
        } catch (UnknownWorkflowException e) {
            throw new CloacinaException(
                    "ALERTS_OFF",
                    "no engine on this database delivers alerts: build one with alerts(), or run './cloacina runner start"
                            + " --alerts'",
                    e);
        }
    }

    /** Whether a live runner evaluates the alerts and delivers their messages. */
    public boolean areEvaluated() {
        return !LiveRunners.read(database()).versions(AlertRule.DELIVERY).isEmpty();
    }

    private AlertStore.Stored requireKnown(String name) {
        return database().find(AlertStore.FIND, AlertRule.checkedName(name)).orElseThrow(() -> unknown(name));
    }

    private static CloacinaException unknown(String name) {
        return new CloacinaException("UNKNOWN_ALERT", "there is no alert " + Arguments.shown(name));
    }

    private static AlertStore.Switch change(String name, boolean isEnabled, UniversalTimestamp at) {
        return new AlertStore.Switch(name, UniversalBool.of(isEnabled), from(at), at);
    }

    private static EventCursor from(UniversalTimestamp at) {
        return EventCursor.since(at.toInstant());
    }

    private int call(Function<UnitOfWork, Integer> change) {
        return running.get().lanes().call(UniversalUuid.v7(), change);
    }

    private Database database() {
        return running.get().parts().database();
    }
}
