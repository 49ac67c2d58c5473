package io.cloacina.engine.internal.store;

import io.cloacina.api.HookSignature;
import io.cloacina.engine.internal.json.HookBody;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.model.Hook;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Hooks;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** The statements over webhooks. */
public final class HookStore {
    public static final Statements STATEMENTS = new Statements("hooks");

    private static final String SECRET = "secret";

    public record Change(Hook hook, UniversalTimestamp at) {}

    public record Put(UniversalUuid id, Change change, String secret) {}

    /** Stores a new webhook, or replaces the one of that name. */
    public static final Command<Put> PUT = STATEMENTS.insert("put", i -> {
        var h = i.into(Hooks::new);
        i.set(h.id, i.arg(Put::id));
        i.set(h.name, i.arg(put -> put.change().hook().name()));
        i.set(h.workflowName, i.arg(put -> put.change().hook().workflow()));
        i.set(h.signature, i.arg(put -> put.change().hook().signature()));
        i.set(
                h.secret,
                i.arg(put -> JsonContext.empty().put(SECRET, put.secret()).toString()));
        i.set(h.input, i.arg(put -> HookBody.stored(put.change().hook().input())));
        i.set(h.createdAt, i.arg(put -> put.change().at()));
        i.set(h.updatedAt, i.arg(put -> put.change().at()));
        i.onConflict(h.name).overwrite(h.workflowName, h.signature, h.secret, h.input, h.updatedAt);
    });

    /** Replaces the webhook of that name except its secret. */
    public static final Command<Change> CHANGE = STATEMENTS.update("change", u -> {
        var h = u.table(Hooks::new);
        u.set(h.workflowName, u.arg(change -> change.hook().workflow()));
        u.set(h.signature, u.arg(change -> change.hook().signature()));
        u.set(h.input, u.arg(change -> HookBody.stored(change.hook().input())));
        u.set(h.updatedAt, u.arg(Change::at));
        u.where(h.name.eq(u.arg(change -> change.hook().name())));
    });

    /** A webhook as it is stored; reading its row parses no JSON. */
    public record Stored(String name, String workflow, HookSignature signature, String secretJson, String input) {
        /** The webhook as applications see it. */
        public Hook hook() {
            return new Hook(name, workflow, signature, HookBody.pointers(input));
        }

        /**
         * The secret with which its deliveries are signed.
         *
         * @throws io.cloacina.api.CloacinaException if this process lacks the key to decode it
         */
        public String secret() {
            return JsonContext.parse(secretJson, "the secret of hook '" + name + "'")
                    .path(SECRET)
                    .asText();
        }
    }

    private static Stored stored(Row row, Hooks h) {
        return new Stored(
                row.get(h.name), row.get(h.workflowName), row.get(h.signature), row.get(h.secret), row.get(h.input));
    }

    public static final Select<String, Stored> FIND = STATEMENTS.select("find", q -> {
        var h = q.from(Hooks::new);
        q.where(h.name.eq(q.arg()));
        return row -> stored(row, h);
    });

    /** All, by name. */
    public static final Select<NoArgument, Stored> ALL = STATEMENTS.select("all", q -> {
        var h = q.from(Hooks::new);
        q.orderBy(h.name.asc());
        return row -> stored(row, h);
    });

    public static final Command<String> DELETE = STATEMENTS.delete("delete", d -> {
        var h = d.from(Hooks::new);
        d.where(h.name.eq(d.arg()));
    });

    private HookStore() {}
}
