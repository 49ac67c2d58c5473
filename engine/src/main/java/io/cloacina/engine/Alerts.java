package io.cloacina.engine;

import io.cloacina.api.AlertKind;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.HookSignature;
import io.cloacina.engine.internal.run.AlertMessage;
import io.cloacina.engine.internal.run.SettledEvents;
import io.cloacina.engine.internal.store.AlertStore;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.model.Alert;
import io.cloacina.engine.model.AlertRule;
import io.cloacina.engine.model.EventCursor;
import io.cloacina.engine.model.UnknownAlertException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The alerts in the database: rules that determine when a message is sent to a URL. Engines built with {@link
 * EngineBuilder#alerts()} evaluate the rules, one engine at a time, every five seconds. A rule starts or stops firing
 * in the same transaction that submits its message, which the workflow {@value AlertRule#DELIVERY} delivers: so a
 * message is only sent for a committed change, is retried for about six hours, and survives the death of a process. A
 * receiver may get a message twice, with the same id. URLs and secrets are stored like payloads, so encoded if the
 * engine has a codec, and no method returns a secret. Thread safe.
 */
public final class Alerts {
    private final RunningEngine engine;

    Alerts(RunningEngine engine) {
        this.engine = engine;
    }

    /**
     * Creates an alert, or replaces the rule of the alert of that name. Its secret, whether it is enabled and, if it is
     * of the same kind, whether it is firing do not change. A new alert is enabled, and its messages are not signed.
     *
     * @throws UnknownWorkflowException if neither this engine nor the database has its workflow; nothing is stored then
     * @throws CloacinaException with the code {@code EVENTS_OFF} if it is about ends of executions, and the stream of
     *     events is not {@linkplain Events#enable enabled}
     */
    public void put(AlertRule rule) {
        store(Arguments.given("the rule", rule), null);
    }

    /**
     * As {@link #put(AlertRule)}, with a secret that messages are signed with, according to Standard Webhooks 1.0.
     *
     * @param secret from 16 to 500 printable ASCII characters, without spaces at its ends. A secret that begins with
     *     {@code whsec_} is followed by Base64; any other is used as it is.
     * @throws CloacinaException with the code {@code INVALID_ALERT} if the secret is not valid; the message does not
     *     contain it
     */
    public void put(AlertRule rule, String secret) {
        Arguments.given("the rule", rule);
        HookSigning.checked(
                ErrorCodes.INVALID_ALERT, "an alert", HookSignature.STANDARD, Arguments.given("the secret", secret));
        store(rule, secret);
    }

    private void store(AlertRule rule, @Nullable String secret) {
        if (rule.workflow() != null) {
            engine.named(rule.workflow());
        }
        if (rule.kind() == AlertKind.EXECUTION_ENDED
                && !engine.readFirst(() -> SettledEvents.areOn(engine.database()))) {
            throw SettledEvents.off();
        }
        UniversalUuid id = UniversalUuid.v7();
        engine.write(work -> {
            AlertStore.Stored before = work.find(AlertStore.FIND, rule.name()).orElse(null);
            AlertStore.Put put = new AlertStore.Put(id, rule, secret, from(work.at()), work.at());
            int stored = work.run(secret == null ? AlertStore.PUT : AlertStore.PUT_SIGNED, put);
            if (before != null && before.kind() != rule.kind()) {
                work.run(AlertStore.SWITCH, change(rule.name(), before.isEnabled(), work.at()));
            }
            return stored;
        });
    }

    /** Returns the alert of that name; empty if there is none. */
    public Optional<Alert> find(String name) {
        return engine.database()
                .find(AlertStore.FIND, AlertRule.checkedName(name))
                .map(AlertStore.Stored::alert);
    }

    /** Returns all alerts, by name. */
    public List<Alert> list() {
        return engine.database().list(AlertStore.ALL).stream()
                .map(AlertStore.Stored::alert)
                .toList();
    }

    /**
     * Deletes an alert. A message that has not been delivered yet fails, because its URL is deleted, too. Returns false
     * if there is no such alert.
     */
    public boolean delete(String name) {
        AlertRule.checkedName(name);
        return engine.write(work -> work.run(AlertStore.DELETE, name)) > 0;
    }

    /**
     * Enables an alert from now on: it is not firing at first, and ends of executions before now are not reported. Does
     * nothing if it is enabled.
     *
     * @throws UnknownAlertException if there is no alert of that name
     */
    public void enable(String name) {
        turn(name, true);
    }

    /**
     * Disables an alert: it is not evaluated any longer. If it is firing, it stops without a message. Does nothing if
     * it is disabled.
     *
     * @throws UnknownAlertException if there is no alert of that name
     */
    public void disable(String name) {
        turn(name, false);
    }

    private void turn(String name, boolean isEnabled) {
        if (engine.readFirst(() -> requireKnown(name)).isEnabled() != isEnabled
                && engine.write(work -> work.run(AlertStore.SWITCH, change(name, isEnabled, work.at()))) == 0) {
            throw new UnknownAlertException(name);
        }
    }

    /**
     * Sends a test message, even for a disabled alert.
     *
     * @return the id of the execution that delivers it
     * @throws UnknownAlertException if there is no alert of that name
     * @throws CloacinaException with the code {@code ALERTS_OFF} if no engine on this database was ever built with
     *     {@link EngineBuilder#alerts()}
     */
    public UUID test(String name) {
        AlertRule rule = engine.readFirst(() -> requireKnown(name)).rule();
        UniversalTimestamp now = UniversalTimestamp.now(engine.settings().clock());
        AlertMessage message = AlertMessage.test(rule, now.toInstant());
        try {
            return engine.runtime()
                    .lanes()
                    .submit(List.of(message.prepared(UniversalUuid.v7(), engine.named(AlertRule.DELIVERY), now)))
                    .get(0)
                    .value();
        } catch (UnknownWorkflowException e) {
            throw new CloacinaException(
                    ErrorCodes.ALERTS_OFF,
                    "no engine on this database delivers alerts: build one with alerts(), or run './cloacina runner start"
                            + " --alerts'",
                    e);
        }
    }

    /** Whether a live runner evaluates the alerts and delivers their messages. */
    public boolean areEvaluated() {
        return !LiveRunners.read(engine.database()).versions(AlertRule.DELIVERY).isEmpty();
    }

    private AlertStore.Stored requireKnown(String name) {
        return engine.database()
                .find(AlertStore.FIND, AlertRule.checkedName(name))
                .orElseThrow(() -> new UnknownAlertException(name));
    }

    private static AlertStore.Switch change(String name, boolean isEnabled, UniversalTimestamp at) {
        return new AlertStore.Switch(name, UniversalBool.of(isEnabled), from(at), at);
    }

    private static EventCursor from(UniversalTimestamp at) {
        return EventCursor.since(at.toInstant());
    }
}
