package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Selects entries of the audit log, newest first. Immutable: each method returns a changed copy. */
public final class AuditQuery {
    private static final int USUAL = 100;
    private static final int MAX_LIMIT = 10_000;

    private final @Nullable String user;
    private final @Nullable String about;
    private final @Nullable UUID before;
    private final int limit;

    private AuditQuery(@Nullable String user, @Nullable String about, @Nullable UUID before, int limit) {
        this.user = user;
        this.about = about;
        this.before = before;
        this.limit = limit;
    }

    /** The newest 100 entries. */
    public static AuditQuery all() {
        return new AuditQuery(null, null, null, USUAL);
    }

    /** Only changes that this user requested. */
    public AuditQuery user(String name) {
        return new AuditQuery(Arguments.key(Arguments.INVALID, "a user", name), about, before, limit);
    }

    /** Only changes of this object, or that created it, by its id or name. */
    public AuditQuery about(String idOrName) {
        String checked = Arguments.name(Arguments.INVALID, "the changed object", idOrName, AuditedChange.MAX_OBJECT);
        return new AuditQuery(user, checked, before, limit);
    }

    /** Only entries that are older than this one: the next page. */
    public AuditQuery before(UUID entry) {
        return new AuditQuery(user, about, Arguments.given("the id of an entry", entry), limit);
    }

    /** Sets the maximum number of entries, from 1 to 10,000. Default: 100. */
    public AuditQuery limit(int atMost) {
        return new AuditQuery(
                user,
                about,
                before,
                Arguments.number(ErrorCodes.INVALID_LIMIT, "a limit must be", atMost, 1, MAX_LIMIT));
    }

    /** The user; empty for all users. */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /** The id or name of an object; empty for all objects. */
    public Optional<String> about() {
        return Optional.ofNullable(about);
    }

    /** The entry before which the page begins; empty for the newest entries. */
    public Optional<UUID> before() {
        return Optional.ofNullable(before);
    }

    /** The maximum number of entries. */
    public int limit() {
        return limit;
    }
}
