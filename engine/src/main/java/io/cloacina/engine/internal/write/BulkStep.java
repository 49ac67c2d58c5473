package io.cloacina.engine.internal.write;

import io.cloacina.api.BulkOperationState;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.BulkStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.Search;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A step of a bulk operation, in one transaction: locks the row of the operation, finds the next executions, applies
 * the action to them, and stores how far the operation has come. So each execution is treated once, even if the process
 * dies and another one continues the operation.
 */
public final class BulkStep {
    private final ExecutionControl control;
    private final Restarter restarter;
    private final EarlyEnd earlyEnd;
    private final SharedParts parts;

    public BulkStep(SharedParts parts, Steps steps) {
        this.parts = parts;
        this.control = steps.control();
        this.restarter = steps.restarter();
        this.earlyEnd = steps.earlyEnd();
    }

    /** The result of a step: how many executions it has reached, and whether the operation is to be continued. */
    public record Result(int reached, boolean isMore) {
        private static final Result NOT_OURS = new Result(0, false);
    }

    /**
     * Applies the action to the next executions.
     *
     * @param atMost how many executions are treated
     */
    public Result step(UnitOfWork work, UniversalUuid operation, int atMost) {
        return step(work, operation, atMost, null);
    }

    /** Passes over the next execution, and counts it as failed: a step for this execution alone threw the error. */
    public Result pass(UnitOfWork work, UniversalUuid operation, RuntimeException error) {
        return step(work, operation, 1, error);
    }

    private Result step(UnitOfWork work, UniversalUuid operation, int atMost, @Nullable RuntimeException unwritable) {
        if (work.run(BulkStore.LOCK, new BulkStore.At(operation, work.at())) == 0) {
            return Result.NOT_OURS;
        }
        BulkStore.Stored stored = work.find(BulkStore.FIND, operation).orElseThrow();
        Search rest = stored.search().within(UniversalUuid.NIL, stored.cursor());
        SearchWindow window = SearchWindow.read(work::list, rest, atMost);
        Tally tally = new Tally(stored);
        if (unwritable != null) {
            window.found().forEach(execution -> tally.failed(execution, unwritable));
        } else {
            treat(work, stored.action(), window.found(), tally);
        }
        work.run(BulkStore.ADVANCE, tally.progress(window, work.at()));
        return new Result(window.found().size(), !window.isOver());
    }

    /** Treats the executions in the order of their ids, as all transactions do. */
    private void treat(UnitOfWork work, BulkAction action, List<Execution> found, Tally tally) {
        Set<UniversalUuid> children = childrenAmong(work::list, found);
        List<Execution> ordered = found.stream()
                .sorted(Comparator.comparing(execution -> UniversalUuid.of(execution.id())))
                .toList();
        for (Execution execution : ordered) {
            if (children.contains(UniversalUuid.of(execution.id()))) {
                tally.children++;
            } else if (!action.fits(execution.status())) {
                tally.skipped("execution " + execution.id() + " is "
                        + execution.status().label());
            } else {
                treat(work, action, execution, tally);
            }
        }
    }

    private void treat(UnitOfWork work, BulkAction action, Execution execution, Tally tally) {
        int before = work.changes();
        try {
            interventionOf(work.transaction(), action, execution).on(work, UniversalUuid.of(execution.id()));
            tally.done++;
        } catch (ExecutionStateException | UnknownExecutionException e) { // refused, whatever was locked before
            tally.skipped(String.valueOf(e.getMessage()));
        } catch (DatabaseException e) {
            throw e;
        } catch (CloacinaException e) {
            if (work.changes() > before) {
                throw e; // half of the action must not be stored: the step fails, and the execution is passed over
            }
            tally.skipped(String.valueOf(e.getMessage()));
        }
    }

    private ExecutionControl.Intervention interventionOf(
            WriteTransaction transaction, BulkAction action, Execution execution) {
        return switch (action.kind()) {
            case CANCEL -> action.isWithCompensation() ? earlyEnd::cancel : control::cancel;
            case PAUSE -> (work, id) -> control.pause(work, id, action.reason().orElse(null));
            case RESUME -> control::resume;
            case RETRY -> {
                RetryMode how = action.isEvenAfterCompensation()
                        ? RetryMode.evenAfterCompensation()
                        : RetryMode.unlessCompensated();
                yield (work, id) -> control.retryFailed(work, id, how);
            }
            case RESTART -> {
                RestartRequest request = new RestartRequest(
                        UniversalUuid.v7(),
                        UniversalUuid.of(execution.id()),
                        parts.definitions().named(Reading.in(transaction), execution.workflow()),
                        action.from().orElse(null),
                        null,
                        null,
                        parts.settings().maxContextBytes());
                yield (work, id) -> restarter.restart(work, request);
            }
            case DELETE -> this::delete;
        };
    }

    private void delete(UnitOfWork work, UniversalUuid id) {
        if (!control.delete(work.transaction(), id)) {
            throw new UnknownExecutionException(id.value()); // another process has deleted it meanwhile
        }
    }

    /** Which of the executions are children of others. */
    public static Set<UniversalUuid> childrenAmong(Reading reading, Collection<Execution> executions) {
        List<String> ids = executions.stream()
                .map(execution -> execution.id().toString().replace("-", ""))
                .toList();
        return ids.isEmpty()
                ? Set.of()
                : new HashSet<>(reading.list(ExecutionStore.CHILDREN_AMONG, JsonContext.names(ids)));
    }

    /** What a step adds to the counts of its operation. */
    private static final class Tally {
        private final BulkStore.Stored before;
        private int done;
        private int skipped;
        private int failed;
        private int children;
        private @Nullable String firstSkipped;
        private @Nullable String firstFailed;

        Tally(BulkStore.Stored before) {
            this.before = before;
            this.firstSkipped = before.firstSkipped();
            this.firstFailed = before.firstFailed();
        }

        void skipped(String why) {
            skipped++;
            firstSkipped = firstSkipped == null ? ErrorText.storable(why) : firstSkipped;
        }

        void failed(Execution execution, RuntimeException error) {
            failed++;
            firstFailed = firstFailed == null
                    ? ErrorText.storable("execution " + execution.id() + ": " + error.getMessage())
                    : firstFailed;
        }

        BulkStore.Progress progress(SearchWindow window, UniversalTimestamp at) {
            return new BulkStore.Progress(
                    before.id(),
                    window.next(),
                    done,
                    skipped,
                    failed,
                    children,
                    firstSkipped,
                    firstFailed,
                    window.isOver() ? BulkOperationState.COMPLETED : BulkOperationState.RUNNING,
                    window.isOver() ? at : null,
                    at);
        }
    }
}
