package io.cloacina.engine.internal.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.BulkActionKind;
import io.cloacina.api.BulkOperationState;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.PayloadUnreadableException;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.BulkOperations;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** The statements over bulk operations. */
public final class BulkStore {
    public static final Statements STATEMENTS = new Statements("bulk-operations");

    private static final String REASON = "reason";
    private static final String FROM = "from";
    private static final String EVEN_AFTER_COMPENSATION = "even_after_compensation";
    private static final String WITH_COMPENSATION = "with_compensation";

    private static final String ENCRYPTED = "encrypted";

    /** An operation to store, for the executions with smaller ids than {@code cursor}. */
    public record New(
            UniversalUuid id,
            BulkAction action,
            String query,
            UniversalUuid cursor,
            Count expected,
            @Nullable String requestedBy,
            @Nullable String idempotencyKey,
            UniversalTimestamp at) {}

    public static final Command<New> INSERT = STATEMENTS.insert("insert", i -> {
        var b = i.into(BulkOperations::new);
        i.set(b.id, i.arg(New::id));
        i.set(b.action, i.arg(operation -> operation.action().kind()));
        i.set(b.details, i.argOrNull(operation -> details(operation.action())));
        i.set(b.query, i.arg(New::query));
        i.set(b.state, BulkOperationState.RUNNING);
        i.set(b.cursorId, i.arg(New::cursor));
        i.set(b.expected, i.arg(operation -> (int) operation.expected().atLeast()));
        i.set(
                b.expectedMore,
                i.arg(operation -> UniversalBool.of(operation.expected().isMore())));
        i.set(b.executionsDone, 0);
        i.set(b.executionsSkipped, 0);
        i.set(b.executionsFailed, 0);
        i.set(b.childrenPassed, 0);
        i.set(b.requestedBy, i.argOrNull(New::requestedBy));
        i.set(b.idempotencyKey, i.argOrNull(New::idempotencyKey));
        i.set(b.createdAt, i.arg(New::at));
        i.set(b.updatedAt, i.arg(New::at));
    });

    private static @Nullable String details(BulkAction action) {
        ObjectNode details = JsonContext.empty();
        action.reason().ifPresent(reason -> details.put(REASON, reason));
        action.from().ifPresent(task -> details.put(FROM, task));
        if (action.isEvenAfterCompensation()) {
            details.put(EVEN_AFTER_COMPENSATION, true);
        }
        if (action.isWithCompensation()) {
            details.put(WITH_COMPENSATION, true);
        }
        return details.isEmpty() ? null : details.toString();
    }

    /** An operation as it is stored; reading its row parses no JSON. */
    public record Stored(
            UniversalUuid id,
            BulkActionKind kind,
            @Nullable String details,
            String query,
            BulkOperationState state,
            UniversalUuid cursor,
            Count expected,
            int done,
            int skipped,
            int failed,
            int children,
            @Nullable String firstSkipped,
            @Nullable String firstFailed,
            @Nullable String requestedBy,
            UniversalTimestamp createdAt,
            UniversalTimestamp updatedAt,
            @Nullable UniversalTimestamp endedAt) {
        /**
         * The action.
         *
         * @throws PayloadUnreadableException if this process lacks the key to decode its details
         */
        public BulkAction action() {
            return action(details == null ? JsonContext.empty() : JsonContext.parse(details, "operation " + id));
        }

        /** As {@link #action}, for display: details that cannot be decoded are shown as encrypted. */
        private BulkAction shown() {
            try {
                return action();
            } catch (PayloadUnreadableException e) { // details are stored only if there are any, and each kind has one
                return action(JsonContext.empty()
                        .put(REASON, ENCRYPTED)
                        .put(FROM, ENCRYPTED)
                        .put(EVEN_AFTER_COMPENSATION, true)
                        .put(WITH_COMPENSATION, true));
            }
        }

        private BulkAction action(ObjectNode how) {
            String reason = how.path(REASON).textValue();
            String from = how.path(FROM).textValue();
            boolean isAny = how.path(EVEN_AFTER_COMPENSATION).asBoolean();
            return switch (kind) {
                case CANCEL ->
                    BulkAction.cancel(
                            how.path(WITH_COMPENSATION).asBoolean() ? Cancel.withCompensation() : Cancel.immediately());
                case PAUSE -> BulkAction.pause(reason);
                case RESUME -> BulkAction.resume();
                case RETRY ->
                    BulkAction.retry(isAny ? RetryMode.evenAfterCompensation() : RetryMode.unlessCompensated());
                case RESTART -> from == null ? BulkAction.restart() : BulkAction.restartFrom(from);
                case DELETE -> BulkAction.delete();
            };
        }

        /**
         * The search whose executions are treated.
         *
         * @throws CloacinaException if this version does not know all of its conditions
         */
        public Search search() {
            return StoredSearch.read(query, SearchStore.WINDOW, SearchStore.WINDOW);
        }

        /** The operation as applications see it. */
        public BulkOperation operation() {
            return new BulkOperation(
                    id.value(),
                    shown(),
                    words(),
                    state,
                    expected,
                    done,
                    skipped,
                    children,
                    failed,
                    firstSkipped,
                    firstFailed,
                    requestedBy,
                    createdAt.toInstant(),
                    updatedAt.toInstant(),
                    endedAt == null ? null : endedAt.toInstant());
        }

        private String words() {
            try {
                return StoredSearch.words(search());
            } catch (CloacinaException e) { // a newer version stored it: the stored text is readable all the same
                return query;
            }
        }
    }

    private static Stored stored(Row row, BulkOperations b) {
        return new Stored(
                row.get(b.id),
                row.get(b.action),
                row.orNull(b.details),
                row.get(b.query),
                row.get(b.state),
                row.get(b.cursorId),
                new Count(row.get(b.expected), row.get(b.expectedMore) == UniversalBool.TRUE),
                row.get(b.executionsDone),
                row.get(b.executionsSkipped),
                row.get(b.executionsFailed),
                row.get(b.childrenPassed),
                row.orNull(b.firstSkipped),
                row.orNull(b.firstFailed),
                row.orNull(b.requestedBy),
                row.get(b.createdAt),
                row.get(b.updatedAt),
                row.orNull(b.endedAt));
    }

    public static final Select<UniversalUuid, Stored> FIND = STATEMENTS.select("find", q -> {
        var b = q.from(BulkOperations::new);
        q.where(b.id.eq(q.arg()));
        return row -> stored(row, b);
    });

    /** The operation that was started with an idempotency key. */
    public static final Select<String, UniversalUuid> OF_KEY = STATEMENTS.select("of-key", q -> {
        var b = q.from(BulkOperations::new);
        q.where(b.idempotencyKey.eq(q.arg()), b.idempotencyKey.isNotNull());
        return row -> row.get(b.id);
    });

    /** The operations that are to be continued, oldest first. */
    public static final Select<NoArgument, Stored> RUNNING = STATEMENTS.select("running", q -> {
        var b = q.from(BulkOperations::new);
        q.where(b.state.eq(BulkOperationState.RUNNING));
        q.orderBy(b.id.asc());
        return row -> stored(row, b);
    });

    /** The newest operations; the argument is their maximum number. */
    public static final Select<Integer, Stored> NEWEST = STATEMENTS.select("newest", q -> {
        var b = q.from(BulkOperations::new);
        q.orderBy(b.id.desc());
        q.limit(q.arg());
        return row -> stored(row, b);
    });

    public record At(UniversalUuid operation, UniversalTimestamp at) {}

    /** Locks the row of a running operation; does nothing if another transaction has locked it. */
    public static final Command<At> LOCK = STATEMENTS.update("lock", u -> {
        var b = u.table(BulkOperations::new);
        u.set(b.updatedAt, u.arg(At::at));
        u.claim(b.id, q -> {
            var its = q.from(BulkOperations::new);
            q.where(its.id.eq(q.arg(At::operation)), its.state.eq(BulkOperationState.RUNNING));
            return its.id;
        });
    });

    /**
     * The progress of one step.
     *
     * @param firstSkipped and {@code firstFailed}: those of the whole operation
     */
    public record Progress(
            UniversalUuid operation,
            UniversalUuid cursor,
            int done,
            int skipped,
            int failed,
            int children,
            @Nullable String firstSkipped,
            @Nullable String firstFailed,
            BulkOperationState state,
            @Nullable UniversalTimestamp endedAt,
            UniversalTimestamp at) {}

    /** Adds the progress to an operation whose row is locked. */
    public static final Command<Progress> ADVANCE = STATEMENTS.update("advance", u -> {
        var b = u.table(BulkOperations::new);
        u.set(b.cursorId, u.arg(Progress::cursor));
        u.increment(b.executionsDone, u.arg(Progress::done));
        u.increment(b.executionsSkipped, u.arg(Progress::skipped));
        u.increment(b.executionsFailed, u.arg(Progress::failed));
        u.increment(b.childrenPassed, u.arg(Progress::children));
        u.set(b.firstSkipped, u.argOrNull(Progress::firstSkipped));
        u.set(b.firstFailed, u.argOrNull(Progress::firstFailed));
        u.set(b.state, u.arg(Progress::state));
        u.set(b.endedAt, u.argOrNull(Progress::endedAt));
        u.set(b.updatedAt, u.arg(Progress::at));
        u.where(b.id.eq(u.arg(Progress::operation)));
    });

    public static final Command<At> STOP = STATEMENTS.update("stop", u -> {
        var b = u.table(BulkOperations::new);
        u.set(b.state, BulkOperationState.STOPPED);
        u.set(b.endedAt, u.arg(At::at));
        u.set(b.updatedAt, u.arg(At::at));
        u.where(b.id.eq(u.arg(At::operation)), b.state.eq(BulkOperationState.RUNNING));
    });

    /** Removes the operations that ended before an instant. */
    public static final Command<UniversalTimestamp> REMOVE_OLD = STATEMENTS.delete("remove-old", d -> {
        var b = d.from(BulkOperations::new);
        d.where(b.endedAt.lt(d.arg()));
    });

    private BulkStore() {}
}
