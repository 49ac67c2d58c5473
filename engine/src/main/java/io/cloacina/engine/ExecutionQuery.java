package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which executions to list, newest first. A page begins after the last execution of the page before, so that pages neither
 * repeat nor miss any, whatever is submitted meanwhile. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * List<Execution> page = engine.list(ExecutionQuery.all().workflow("invoice").status(ExecutionStatus.FAILED).limit(50));
 * List<Execution> next = engine.list(query.before(page.get(page.size() - 1).id()));
 * }</pre>
 */
public final class ExecutionQuery {
    private static final int MAX_LIMIT = 10_000;
    private static final ExecutionQuery ALL = new ExecutionQuery(null, null, UniversalUuid.MAX, 100);

    private final @Nullable String workflow;
    private final @Nullable ExecutionStatus status;
    private final UniversalUuid before;
    private final int limit;

    private ExecutionQuery(
            @Nullable String workflow, @Nullable ExecutionStatus status, UniversalUuid before, int limit) {
        this.workflow = workflow;
        this.status = status;
        this.before = before;
        this.limit = limit;
    }

    /** The newest 100 of all. */
    public static ExecutionQuery all() {
        return ALL;
    }

    /** Only of this workflow. */
    public ExecutionQuery workflow(String name) {
        return new ExecutionQuery(Workflows.checkedName(name), status, before, limit);
    }

    /** Only in this state. */
    public ExecutionQuery status(ExecutionStatus only) {
        return new ExecutionQuery(workflow, Arguments.given("the state", only), before, limit);
    }

    /** Only those that were submitted before that execution. */
    public ExecutionQuery before(UUID execution) {
        return new ExecutionQuery(workflow, status, Engine.id(execution), limit);
    }

    /** At most this many, from 1 to 10,000. */
    public ExecutionQuery limit(int executions) {
        Arguments.number("INVALID_LIMIT", "a limit is", executions, 1, MAX_LIMIT);
        return new ExecutionQuery(workflow, status, before, executions);
    }

    List<Execution> run(Database database) {
        Select<HistoryStore.Page, Execution> select;
        if (workflow == null) {
            select = status == null ? HistoryStore.ALL : HistoryStore.WITH_STATUS;
        } else {
            select = status == null ? HistoryStore.OF_WORKFLOW : HistoryStore.OF_WORKFLOW_WITH_STATUS;
        }
        return database.list(
                select,
                new HistoryStore.Page(
                        before,
                        Objects.requireNonNullElse(workflow, ""),
                        Objects.requireNonNullElse(status, ExecutionStatus.PENDING),
                        limit));
    }
}
