package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.json.HookBody;
import io.cloacina.engine.internal.store.HookStore;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.model.Hook;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownHookException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks in the database: which workflow a signed delivery submits. A server receives deliveries; an application
 * with a server of its own calls {@link #accept}. Secrets are stored like payloads, so encoded if the engine has a
 * codec, and no method returns them. Thread safe.
 */
public final class Hooks {
    private final RunningEngine engine;

    Hooks(RunningEngine engine) {
        this.engine = engine;
    }

    /**
     * Creates a hook, or replaces the one of that name.
     *
     * @param secret the secret that deliveries are signed with: from 16 to 500 printable ASCII characters, without
     *     spaces at its ends. A secret of Standard Webhooks begins with {@code whsec_}, followed by Base64; any other
     *     is used as it is.
     * @throws UnknownWorkflowException if neither this engine nor the database has a workflow of that name; nothing is
     *     stored then
     * @throws CloacinaException with the code {@code INVALID_HOOK} if the secret is not valid; the message does not
     *     contain it
     */
    public void put(Hook hook, String secret) {
        Arguments.given("the hook", hook);
        HookSigning.checked(hook.signature(), Arguments.given("the secret", secret));
        requireWorkflow(hook);
        UniversalUuid id = UniversalUuid.v7();
        engine.write(work ->
                work.run(HookStore.PUT, new HookStore.Put(id, new HookStore.Change(hook, work.at()), secret)));
    }

    /**
     * Changes a hook without changing its secret.
     *
     * @throws UnknownHookException if there is no hook of that name
     * @throws CloacinaException as {@link #put}
     */
    public void change(Hook hook) {
        Arguments.given("the hook", hook);
        HookStore.Stored before = engine.readFirst(() -> stored(hook.name()));
        HookSigning.checked(hook.signature(), before.secret());
        requireWorkflow(hook);
        int changed = engine.write(work -> work.run(HookStore.CHANGE, new HookStore.Change(hook, work.at())));
        if (changed == 0) {
            throw new UnknownHookException(hook.name());
        }
    }

    /** Returns the hook of that name; empty if there is none. */
    public Optional<Hook> find(String name) {
        return engine.database().find(HookStore.FIND, Hook.checkedName(name)).map(HookStore.Stored::hook);
    }

    /** Returns all hooks, by name. */
    public List<Hook> list() {
        return engine.database().list(HookStore.ALL).stream()
                .map(HookStore.Stored::hook)
                .toList();
    }

    /** Deletes a hook: its deliveries are refused from now on. Returns false if there is no such hook. */
    public boolean delete(String name) {
        Hook.checkedName(name);
        return engine.write(work -> work.run(HookStore.DELETE, name)) > 0;
    }

    /**
     * Checks the signature of a delivery and returns the submission that it requests. The idempotency key of that
     * submission consists of the name of the hook and the id of the delivery, so that a repeated delivery submits
     * nothing new.
     *
     * @param header returns the value of a header given its name; null if it was not sent
     * @param body the body exactly as it was sent
     * @throws UnknownHookException if there is no such hook
     * @throws CloacinaException with the code {@code HOOK_SIGNATURE} if the signature is missing, was not made with the
     *     secret, or has a time that differs by more than five minutes; {@code HOOK_DELIVERY} if the delivery has no
     *     id, or its body is not JSON
     */
    public Submission accept(String name, Function<String, @Nullable String> header, byte[] body) {
        Hook.checkedName(name);
        Arguments.given("the headers", header);
        Arguments.given("the body", body);
        HookStore.Stored stored = stored(name);
        HookSigning signing =
                new HookSigning(stored.secret(), engine.settings().clock().instant());
        String delivery = signing.verified(stored.signature(), header, body);
        HookBody parsed = HookBody.of(body);
        String id = delivery.isEmpty() ? parsed.text("/id").orElse("") : delivery;
        Hook hook = stored.hook();
        return Submission.of(hook.workflow())
                .input(parsed.input(hook.input()))
                .idempotencyKey(HookSigning.key(name, id));
    }

    private void requireWorkflow(Hook hook) {
        PreparedExecution.requireOwn(engine.named(hook.workflow()));
    }

    private HookStore.Stored stored(String name) {
        return engine.database().find(HookStore.FIND, name).orElseThrow(() -> new UnknownHookException(name));
    }
}
