package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.Search;
import io.cloacina.engine.internal.store.SearchStore;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Selects executions, newest first: those that meet all conditions. A page begins after the last execution of the page
 * before, so pages neither repeat nor miss any, whatever is submitted in between. Immutable; each method returns a
 * changed copy.
 *
 * <pre>{@code
 * ExecutionQuery query = ExecutionQuery.all().workflow("invoice").status(ExecutionStatus.FAILED).limit(50);
 * List<Execution> page = engine.list(query);
 * List<Execution> next = engine.list(query.before(page.get(page.size() - 1).id()));
 * }</pre>
 *
 * <p>Indexes serve ids, times, keys, labels, parents, schedules, and the states Failed and Cancelled; together with a
 * workflow also the states of unfinished executions. All other conditions are checked for each execution that these
 * yield.
 */
public final class ExecutionQuery {
    static final int MAX_LIMIT = 10_000;
    private static final int DEFAULT_LIMIT = 100;
    private static final int DEFAULT_SCAN = 20_000;
    private static final String INVALID_QUERY = ErrorCodes.INVALID_QUERY;
    private static final Pattern ID_PART = Pattern.compile("[0-9a-f]{1,32}");
    private static final int DIGITS = 32;
    private static final ExecutionQuery ALL = new ExecutionQuery(Search.all(DEFAULT_LIMIT, DEFAULT_SCAN));

    private final Search search;

    private ExecutionQuery(Search search) {
        this.search = search;
    }

    /** The newest 100 executions, without conditions. */
    public static ExecutionQuery all() {
        return ALL;
    }

    /** Only executions of this workflow. */
    public ExecutionQuery workflow(String name) {
        return with(Search.Part.WORKFLOW, Workflows.checkedName(name));
    }

    /** Only executions of this version of a workflow. */
    public ExecutionQuery version(String version) {
        return with(Search.Part.VERSION, Arguments.key(INVALID_QUERY, "a version", version));
    }

    /** Only executions in this state. */
    public ExecutionQuery status(ExecutionStatus only) {
        return statuses(List.of(Arguments.given("the state", only)));
    }

    /** Only executions in one of these states; in any state if the list is empty. */
    public ExecutionQuery statuses(List<ExecutionStatus> any) {
        return new ExecutionQuery(
                search.in(Arguments.all("the states", any).stream().distinct().toList()));
    }

    /** Only executions that have not ended: pending, running and paused ones. */
    public ExecutionQuery unfinished() {
        return statuses(List.of(ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED));
    }

    /** Only executions with this idempotency key; each workflow may have one. */
    public ExecutionQuery idempotencyKey(String key) {
        return with(Search.Part.KEY, Submission.checkedKey(key));
    }

    /**
     * Only executions with this label. Calls add up: an execution must have all of the labels.
     *
     * @throws CloacinaException with the code {@code INVALID_LABEL} if an execution cannot have such a label, or
     *     {@code INVALID_QUERY} if there are more than four labels
     */
    public ExecutionQuery label(String name, String value) {
        Map<String, String> labels = Submission.checkedLabels(search.labels(), name, value);
        if (labels.size() > SearchStore.MAX_LABELS) {
            throw new CloacinaException(
                    INVALID_QUERY,
                    "a search can have at most " + SearchStore.MAX_LABELS + " labels, not " + labels.keySet());
        }
        return new ExecutionQuery(search.labelled(labels));
    }

    /**
     * Only failed and cancelled executions whose error, or that of one of their failed tasks, contains this text: part
     * of the message, or the name of a class or method in the stack trace. Case-sensitive. Errors that a payload codec
     * has encoded are not found.
     *
     * @param part not blank, at most 200 characters
     */
    public ExecutionQuery error(String part) {
        return with(Search.Part.ERROR, Arguments.key(INVALID_QUERY, "a text of errors", part));
    }

    /** Only executions that this schedule submitted. */
    public ExecutionQuery schedule(String name) {
        return with(Search.Part.SCHEDULE, Arguments.key(INVALID_QUERY, "the name of a schedule", name));
    }

    /** Only the children of this execution. */
    public ExecutionQuery parent(UUID execution) {
        return new ExecutionQuery(search.childrenOf(Engine.id(execution)));
    }

    /** Only executions that have a task of that name in one of these states; in any state if the list is empty. */
    public ExecutionQuery task(String name, List<TaskStatus> any) {
        String checked = Arguments.key(INVALID_QUERY, "the name of a task", name);
        return new ExecutionQuery(search.task(
                checked,
                Arguments.all("the states of the task", any).stream().distinct().toList()));
    }

    /**
     * Only executions that were submitted at this time or later. The time is the one in their ids, which is that of the
     * submitting machine, whatever clock the engine was given.
     */
    public ExecutionQuery since(Instant time) {
        Instant checked = Arguments.instant(INVALID_QUERY, "the start of the time range", time);
        return new ExecutionQuery(search.within(UniversalUuid.firstAt(checked), UniversalUuid.MAX));
    }

    /** Only executions that were submitted before this time, by the time in their ids as for {@link #since}. */
    public ExecutionQuery until(Instant time) {
        Instant checked = Arguments.instant(INVALID_QUERY, "the end of the time range", time);
        return new ExecutionQuery(search.within(UniversalUuid.NIL, UniversalUuid.firstAt(checked)));
    }

    /**
     * Only executions whose id begins with these digits.
     *
     * @param digits one or more hexadecimal digits, in either case, with or without hyphens
     */
    public ExecutionQuery idBeginning(String digits) {
        String plain = Arguments.given("the beginning of an id", digits)
                .toLowerCase(Locale.ROOT)
                .replace("-", "");
        if (!ID_PART.matcher(plain).matches()) {
            throw new CloacinaException(
                    INVALID_QUERY,
                    "the beginning of an id has 1 to " + DIGITS + " hexadecimal digits, not "
                            + Arguments.shown(digits));
        }
        String rest = "0".repeat(DIGITS - plain.length());
        return new ExecutionQuery(search.within(
                uuid(plain + rest), uuid(plain + rest.replace('0', 'f')).next()));
    }

    /**
     * Only executions with one of these ids.
     *
     * @param some from 1 to 100 ids
     */
    public ExecutionQuery ids(Collection<UUID> some) {
        List<UniversalUuid> all = Arguments.all("the ids", some).stream()
                .map(UniversalUuid::of)
                .distinct()
                .toList();
        if (all.isEmpty() || all.size() > SearchStore.MAX_IDS) {
            throw new CloacinaException(
                    INVALID_QUERY,
                    "a search must name from 1 to " + SearchStore.MAX_IDS + " executions, not " + all.size());
        }
        return new ExecutionQuery(search.among(all));
    }

    /** Only executions that were submitted before this one: the next page after it. */
    public ExecutionQuery before(UUID execution) {
        return new ExecutionQuery(search.within(UniversalUuid.NIL, Engine.id(execution)));
    }

    /** Sets the maximum number of executions, from 1 to 10,000. Default: 100. */
    public ExecutionQuery limit(int executions) {
        Arguments.number(ErrorCodes.INVALID_LIMIT, "a limit must be", executions, 1, MAX_LIMIT);
        return new ExecutionQuery(search.bounded(executions, search.scan()));
    }

    /**
     * Sets about how many executions {@link WorkflowClient#search} examines at most, 1 or more; half as many for a
     * label, a schedule or an error. Default: 20,000. {@link WorkflowClient#list} ignores it and examines as many as
     * needed.
     */
    public ExecutionQuery scan(int executions) {
        Arguments.number(ErrorCodes.INVALID_LIMIT, "the scan limit must be", executions, 1, Integer.MAX_VALUE);
        return new ExecutionQuery(search.bounded(search.limit(), executions));
    }

    Search search() {
        return search;
    }

    /** Whether the other has the same conditions and bounds. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExecutionQuery query && query.search.equals(search);
    }

    @Override
    public int hashCode() {
        return search.hashCode();
    }

    /** The conditions and bounds, on one line. */
    @Override
    public String toString() {
        return "ExecutionQuery" + search.toString().substring("Search".length());
    }

    private ExecutionQuery with(Search.Part part, String text) {
        return new ExecutionQuery(search.with(part, text));
    }

    private static UniversalUuid uuid(String digits) {
        return UniversalUuid.of(new UUID(
                Long.parseUnsignedLong(digits.substring(0, DIGITS / 2), 16),
                Long.parseUnsignedLong(digits.substring(DIGITS / 2), 16)));
    }
}
