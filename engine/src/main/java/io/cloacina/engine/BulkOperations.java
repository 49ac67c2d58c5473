package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.internal.store.BulkStore;
import io.cloacina.engine.internal.store.Search;
import io.cloacina.engine.internal.store.SearchStore;
import io.cloacina.engine.internal.store.StoredSearch;
import io.cloacina.engine.internal.write.BulkStep;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.BulkOperation;
import io.cloacina.engine.model.BulkPreview;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownOperationException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bulk operations: one action on all executions that match a query. An operation is stored in the database and carried
 * out by a live runner, in small transactions with pauses between them, from the newest execution to the oldest. Each
 * execution that existed when the operation began, and matches the query when it is reached, is processed once, even if
 * processes die in between. Executions that were submitted later are not touched. Child executions are counted, and
 * only affected through their parents. Thread safe.
 */
public final class BulkOperations {
    private static final int MOST_COUNTED = 2_000;
    private static final int MOST_SCANNED = 20_000;
    private static final int MOST_SHOWN = 5;
    private static final int MAX_PAGE = 10_000;

    private final RunningEngine engine;
    private final History history;

    BulkOperations(RunningEngine engine, History history) {
        this.engine = engine;
        this.history = history;
    }

    /**
     * Returns what an operation would do if it were started now. Nothing is changed. At most 2,000 executions are
     * counted, among the newest 20,000 that the best index for the query yields, or 10,000 for a label, a schedule or
     * an error.
     *
     * @param query its limit and scan are ignored
     */
    public BulkPreview preview(ExecutionQuery query, BulkAction action) {
        Arguments.given("the query", query);
        Arguments.given("the action", action);
        Search search = query.search().inSteps().bounded(MOST_COUNTED, MOST_SCANNED);
        ExecutionPage page = history.page(search, MOST_SCANNED);
        Set<UniversalUuid> children = BulkStep.childrenAmong(engine.database()::list, page.executions());
        Map<ExecutionStatus, Integer> fitting = new EnumMap<>(ExecutionStatus.class);
        Map<ExecutionStatus, Integer> skipped = new EnumMap<>(ExecutionStatus.class);
        List<Execution> newest = new ArrayList<>();
        for (Execution execution : page.executions()) {
            if (children.contains(UniversalUuid.of(execution.id()))) {
                continue;
            }
            boolean fits = action.fits(execution.status());
            (fits ? fitting : skipped).merge(execution.status(), 1, Integer::sum);
            if (fits && newest.size() < MOST_SHOWN) {
                newest.add(execution);
            }
        }
        return new BulkPreview(
                new Count(page.executions().size(), page.next() != null),
                Collections.unmodifiableMap(fitting),
                Collections.unmodifiableMap(skipped),
                children.size(),
                List.copyOf(newest));
    }

    /** As {@link #start(ExecutionQuery, BulkAction, String)}, without a requester. */
    public UUID start(ExecutionQuery query, BulkAction action) {
        return store(query, action, null, null);
    }

    /**
     * Stores an operation. A live runner begins it within a second; if there is none, the next runner that starts. A
     * client may start one.
     *
     * @param query its limit and scan are ignored
     * @param requestedBy who requests it, up to 200 characters; it is shown with the operation
     * @return the id of the operation
     */
    public UUID start(ExecutionQuery query, BulkAction action, String requestedBy) {
        return store(query, action, Arguments.key(Arguments.INVALID, "the requester", requestedBy), null);
    }

    /**
     * As {@link #start(ExecutionQuery, BulkAction, String)}, at most once for each key: a second call with the same
     * key, whatever its other arguments, stores nothing and returns the id of the first operation, as long as that
     * operation is kept.
     *
     * @param idempotencyKey has the form of a submission's, see {@link Submission#idempotencyKey}; the keys of
     *     operations and of submissions are independent
     */
    public UUID start(ExecutionQuery query, BulkAction action, String requestedBy, String idempotencyKey) {
        String by = Arguments.key(Arguments.INVALID, "the requester", requestedBy);
        return store(query, action, by, Submission.checkedKey(idempotencyKey));
    }

    private UUID store(
            ExecutionQuery query, BulkAction action, @Nullable String requestedBy, @Nullable String idempotencyKey) {
        Arguments.given("the query", query);
        Arguments.given("the action", action);
        EngineRuntime runtime = engine.runtime();
        Optional<UUID> before = engine.readFirst(() -> startedWith(idempotencyKey));
        if (before.isPresent()) {
            return before.get();
        }
        try {
            return insert(runtime, query, action, requestedBy, idempotencyKey);
        } catch (DatabaseException e) {
            if (idempotencyKey == null || e.kind() != ErrorKind.UNIQUE) {
                throw e;
            }
            // Another caller has started it at the same time.
            return engine.readFirst(() -> startedWith(idempotencyKey)).orElseThrow(() -> e);
        }
    }

    private Optional<UUID> startedWith(@Nullable String idempotencyKey) {
        return idempotencyKey == null
                ? Optional.empty()
                : engine.database().find(BulkStore.OF_KEY, idempotencyKey).map(UniversalUuid::value);
    }

    private UUID insert(
            EngineRuntime runtime,
            ExecutionQuery query,
            BulkAction action,
            @Nullable String requestedBy,
            @Nullable String idempotencyKey) {
        Count expected = engine.readFirst(() -> preview(query, action)).matching();
        Search newest = Search.all(1, 1);
        UniversalUuid youngest = engine.readFirst(() -> engine.database().list(SearchStore.of(newest), newest)).stream()
                .map(execution -> UniversalUuid.of(execution.id()))
                .findFirst()
                .orElse(UniversalUuid.NIL);
        BulkStore.New operation = new BulkStore.New(
                UniversalUuid.v7(),
                action,
                StoredSearch.json(query.search()),
                youngest.next(),
                expected,
                requestedBy,
                idempotencyKey,
                UniversalTimestamp.now(runtime.parts().settings().clock()));
        runtime.lanes().call(operation.id(), work -> {
            // If the answer to a commit was lost, the row may be stored already.
            return work.find(BulkStore.FIND, operation.id()).isPresent() ? 0 : work.run(BulkStore.INSERT, operation);
        });
        runtime.maintenance().bulk().lookAfter(Duration.ZERO);
        runtime.parts().notifier().tellBulkOperations();
        return operation.id().value();
    }

    /** The operation of that id; empty if there is no such operation. */
    public Optional<BulkOperation> find(UUID operation) {
        return engine.database().find(BulkStore.FIND, id(operation)).map(BulkStore.Stored::operation);
    }

    /**
     * Returns the operations, newest first. Finished ones are kept as long as finished executions.
     *
     * @param atMost the maximum number, from 1 to 10,000
     */
    public List<BulkOperation> list(int atMost) {
        Arguments.number(ErrorCodes.INVALID_LIMIT, "a limit must be", atMost, 1, MAX_PAGE);
        return engine.database().list(BulkStore.NEWEST, atMost).stream()
                .map(BulkStore.Stored::operation)
                .toList();
    }

    /**
     * Stops an operation: when this returns, no further execution is changed. Changes that were already made stay. Does
     * nothing if it has ended.
     *
     * @throws UnknownOperationException if there is no such operation
     * @throws CloacinaException as documented at {@link WorkflowClient}
     */
    public void stop(UUID operation) {
        UniversalUuid id = id(operation);
        boolean isKnown = engine.runtime().lanes().call(id, work -> {
            work.run(BulkStore.STOP, new BulkStore.At(id, work.at()));
            return work.find(BulkStore.FIND, id).isPresent();
        });
        if (!isKnown) {
            throw new UnknownOperationException(operation);
        }
    }

    private static UniversalUuid id(UUID operation) {
        return UniversalUuid.of(Arguments.given("the id of the operation", operation));
    }
}
