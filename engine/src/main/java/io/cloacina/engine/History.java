package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.LabelStore;
import io.cloacina.engine.internal.store.Search;
import io.cloacina.engine.internal.store.SearchStore;
import io.cloacina.engine.internal.write.SearchWindow;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.Failures;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Reads executions for an engine. Thread safe. */
final class History {
    private final Supplier<Database> database;

    History(Supplier<Database> database) {
        this.database = database;
    }

    Optional<Execution> find(UUID execution) {
        return database.get().find(HistoryStore.FIND, Engine.id(execution));
    }

    void requireKnown(UUID execution) {
        if (find(execution).isEmpty()) {
            throw new UnknownExecutionException(execution);
        }
    }

    /** A page of at most the query's limit; as many executions are examined as that takes. */
    List<Execution> list(ExecutionQuery query) {
        return page(query.search(), Integer.MAX_VALUE).executions();
    }

    ExecutionPage search(ExecutionQuery query) {
        return page(query.search(), query.search().scan());
    }

    /** Examines windows of executions, one after the other, up to {@code scan} executions. */
    ExecutionPage page(Search search, int scan) {
        List<Execution> found = new ArrayList<>();
        Search rest = search;
        for (long scanned = 0; scanned < scan; scanned += SearchStore.cost(search)) {
            SearchWindow window = SearchWindow.read(database.get()::list, rest, search.limit() - found.size());
            found.addAll(window.found());
            if (found.size() == search.limit() || window.isOver()) {
                return new ExecutionPage(
                        List.copyOf(found),
                        found.size() == search.limit()
                                ? found.get(found.size() - 1).id()
                                : null,
                        false);
            }
            rest = search.within(UniversalUuid.NIL, window.next());
        }
        return new ExecutionPage(List.copyOf(found), rest.before().value(), true);
    }

    Failures failures(Instant since) {
        Instant checked = Arguments.instant(ErrorCodes.INVALID_QUERY, "the start of the time range", since);
        return FailureGroups.since(database.get(), UniversalTimestamp.of(checked));
    }

    Count count(ExecutionQuery query) {
        int most = ExecutionQuery.MAX_LIMIT;
        Search search = query.search();
        ExecutionPage page = page(search.bounded(most + 1, search.scan()), search.scan());
        int counted = page.executions().size();
        return new Count(Math.min(most, counted), counted > most || page.isCutShort());
    }

    List<TaskExecution> tasks(UUID execution, List<TaskStatus> states) {
        UniversalUuid id = Engine.id(execution);
        List<TaskStatus> any = Arguments.all("the states of the tasks", states);
        List<HistoryStore.StoredTask> tasks = any.isEmpty()
                ? database.get().list(HistoryStore.TASKS, id)
                : database.get()
                        .list(
                                HistoryStore.TASKS_IN,
                                new HistoryStore.TasksIn(
                                        id, any.stream().distinct().toList()));
        if (tasks.isEmpty()) {
            requireKnown(execution);
        }
        return tasks.stream().map(HistoryStore.StoredTask::read).toList();
    }

    Optional<Execution> parent(UUID execution) {
        Optional<ExecutionStore.Parent> parent = database.get().find(ExecutionStore.PARENT_OF, Engine.id(execution));
        if (parent.isEmpty()) {
            requireKnown(execution);
        }
        return parent.flatMap(its -> find(its.execution().value()));
    }

    List<TaskAttempt> attempts(UUID execution) {
        UniversalUuid id = Engine.id(execution);
        List<TaskAttempt> attempts = database.get().read(transaction -> Attempts.of(transaction, id));
        if (attempts.isEmpty()) {
            requireKnown(execution);
        }
        return attempts;
    }

    List<RecoveryEvent> recoveries(UUID execution) {
        List<RecoveryEvent> events = database.get().list(HistoryStore.RECOVERIES, Engine.id(execution));
        if (events.isEmpty()) {
            requireKnown(execution);
        }
        return events;
    }

    Map<String, String> labels(UUID execution) {
        List<LabelStore.Label> labels = database.get().list(LabelStore.OF, Engine.id(execution));
        if (labels.isEmpty()) {
            requireKnown(execution);
        }
        Map<String, String> byName = new LinkedHashMap<>();
        labels.forEach(label -> byName.put(label.name(), label.value()));
        return Collections.unmodifiableMap(byName);
    }
}
