package io.cloacina.engine.internal.store;

import io.cloacina.engine.model.AuditEntry;
import io.cloacina.engine.model.AuditOutcome;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.engine.model.AuditedChange;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.AuditEntries;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** The statements over the audit. */
public final class AuditStore {
    public static final Statements STATEMENTS = new Statements("audit-entries");

    /** An entry to store; {@code outcome} is null if it is not known yet. */
    public record New(
            UniversalUuid id,
            UniversalTimestamp at,
            AuditedChange change,
            @Nullable AuditOutcome outcome) {}

    public static final Command<New> INSERT = STATEMENTS.insert("insert", i -> {
        var a = i.into(AuditEntries::new);
        i.set(a.id, i.arg(New::id));
        i.set(a.createdAt, i.arg(New::at));
        i.set(a.userName, i.arg(entry -> entry.change().user()));
        i.set(a.userRole, i.argOrNull(entry -> entry.change().role()));
        i.set(a.address, i.arg(entry -> entry.change().address()));
        i.set(a.action, i.arg(entry -> entry.change().action()));
        i.set(a.object, i.argOrNull(entry -> entry.change().object()));
        i.set(a.status, i.argOrNull(AuditStore::status));
        i.set(a.code, i.argOrNull(AuditStore::code));
        // An earlier commit may have succeeded although its answer was lost.
        i.onConflict(a.id).doNothing();
    });

    private static @Nullable Integer status(New entry) {
        return entry.outcome() == null ? null : entry.outcome().status();
    }

    private static @Nullable String code(New entry) {
        return entry.outcome() == null ? null : entry.outcome().code();
    }

    public record Ended(UniversalUuid id, AuditOutcome outcome) {}

    public static final Command<Ended> END = STATEMENTS.update("end", u -> {
        var a = u.table(AuditEntries::new);
        u.set(a.status, u.arg(ended -> ended.outcome().status()));
        u.set(a.code, u.argOrNull(ended -> ended.outcome().code()));
        u.set(a.made, u.argOrNull(ended -> ended.outcome().made()));
        u.where(a.id.eq(u.arg(Ended::id)));
    });

    /** An entry as it is stored; reading its row checks nothing. */
    public record Stored(
            UniversalUuid id,
            UniversalTimestamp at,
            String user,
            @Nullable String role,
            String address,
            String action,
            @Nullable String object,
            @Nullable Integer status,
            @Nullable String code,
            @Nullable String made) {
        /** The entry as applications see it. */
        public AuditEntry entry() {
            return new AuditEntry(
                    id.value(),
                    at.toInstant(),
                    new AuditedChange(user, role, address, action, object),
                    status,
                    code,
                    made);
        }
    }

    private static final Select<AuditQuery, Stored> ALL = select("all", false, false);
    private static final Select<AuditQuery, Stored> OF_USER = select("of-user", true, false);
    private static final Select<AuditQuery, Stored> ABOUT = select("about", false, true);
    private static final Select<AuditQuery, Stored> OF_BOTH = select("of-both", true, true);

    /** The statement for a query; it lists the newest entries first. */
    public static Select<AuditQuery, Stored> of(AuditQuery query) {
        if (query.user().isEmpty()) {
            return query.about().isEmpty() ? ALL : ABOUT;
        }
        return query.about().isEmpty() ? OF_USER : OF_BOTH;
    }

    private static Select<AuditQuery, Stored> select(String name, boolean hasUser, boolean hasAbout) {
        return STATEMENTS.select(name, q -> {
            var a = q.from(AuditEntries::new);
            q.where(a.id.lt(q.arg(query -> query.before().map(UniversalUuid::of).orElse(UniversalUuid.MAX))));
            if (hasUser) {
                q.where(a.userName.eq(q.arg(query -> query.user().orElseThrow())));
            }
            if (hasAbout) {
                q.where(a.object
                        .eq(q.arg(query -> query.about().orElseThrow()))
                        .or(a.made.eq(q.arg(query -> query.about().orElseThrow()))));
            }
            q.orderBy(a.id.desc());
            q.limit(q.arg(AuditQuery::limit));
            return row -> new Stored(
                    row.get(a.id),
                    row.get(a.createdAt),
                    row.get(a.userName),
                    row.orNull(a.userRole),
                    row.get(a.address),
                    row.get(a.action),
                    row.orNull(a.object),
                    row.orNull(a.status),
                    row.orNull(a.code),
                    row.orNull(a.made));
        });
    }

    /** Removes the entries from before an instant. */
    public static final Command<UniversalTimestamp> REMOVE_OLD = STATEMENTS.delete("remove-old", d -> {
        var a = d.from(AuditEntries::new);
        d.where(a.createdAt.lt(d.arg()));
    });

    private AuditStore() {}
}
