package io.cloacina.engine;

import io.cloacina.api.FanOut;
import io.cloacina.engine.internal.store.SearchStore;
import io.cloacina.engine.model.ElementsFailedException;
import io.cloacina.engine.model.FailureGroup;
import io.cloacina.engine.model.Failures;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Groups failures by their errors. Used by one thread. */
final class FailureGroups {
    private static final int MAX_GROUPS = 1_000;
    private static final int MAX_FAILURES = 2_000;
    private static final Pattern ELEMENT = Pattern.compile("\\[\\d+]");
    private static final Pattern ID = Pattern.compile("\\b\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\b");

    private final Map<String, Group> groups = new HashMap<>();
    private boolean isCutShort;

    /** The failures with one error that were added so far. Those of one execution must be added one after the other. */
    private static final class Group {
        private UniversalUuid newest;
        private final TreeSet<String> workflows = new TreeSet<>();
        private final TreeSet<String> tasks = new TreeSet<>();
        private UniversalUuid latest = UniversalUuid.MAX;
        private UniversalTimestamp first = UniversalTimestamp.MAX;
        private UniversalTimestamp last = UniversalTimestamp.MIN;
        private int executions;

        private Group(UniversalUuid newest) {
            this.newest = newest;
        }

        private void add(SearchStore.Failure failure) {
            executions += failure.execution().equals(latest) ? 0 : 1;
            latest = failure.execution();
            newest = newest.compareTo(latest) < 0 ? latest : newest;
            workflows.add(failure.workflow());
            if (failure.task() != null) {
                tasks.add(FanOut.taskOf(failure.task()));
            }
            first = failure.at().compareTo(first) < 0 ? failure.at() : first;
            last = failure.at().compareTo(last) > 0 ? failure.at() : last;
        }

        private FailureGroup told(String error) {
            return new FailureGroup(
                    error,
                    executions,
                    List.copyOf(workflows),
                    List.copyOf(tasks),
                    first.toInstant(),
                    last.toInstant(),
                    newest.value());
        }
    }

    static Failures since(Database database, UniversalTimestamp since) {
        FailureGroups all = new FailureGroups();
        List<SearchStore.Failure> failures =
                database.list(SearchStore.FAILURES, new SearchStore.FailedSince(since, MAX_FAILURES));
        withoutConsequences(failures).forEach(all::add);
        all.isCutShort |= failures.size() == MAX_FAILURES;
        return new Failures(
                all.groups.entrySet().stream()
                        .map(each -> each.getValue().told(each.getKey()))
                        .sorted(Comparator.comparingInt(FailureGroup::executions)
                                .reversed()
                                .thenComparing(FailureGroup::error))
                        .toList(),
                all.isCutShort);
    }

    /** A task of an execution; null for the execution itself. */
    private record Place(UniversalUuid execution, @Nullable String task) {}

    /** Leaves out tasks that failed because runs for their elements failed: the failures of these runs show why. */
    private static List<SearchStore.Failure> withoutConsequences(List<SearchStore.Failure> failed) {
        Set<Place> ofElements = new HashSet<>();
        for (SearchStore.Failure each : failed) {
            String task = each.task();
            if (task != null && !FanOut.taskOf(task).equals(task)) {
                ofElements.add(new Place(each.execution(), FanOut.taskOf(task)));
            }
        }
        return failed.stream()
                .filter(each -> !each.error().startsWith(ElementsFailedException.class.getName())
                        || !ofElements.contains(new Place(each.execution(), each.task())))
                .toList();
    }

    /** The error without ids and the indexes of elements, so that the same cause has the same text. */
    private static String withoutPlaces(String error) {
        return ELEMENT.matcher(ID.matcher(error).replaceAll("…")).replaceAll("[…]");
    }

    private void add(SearchStore.Failure failure) {
        String error = withoutPlaces(failure.error().lines().findFirst().orElse(""));
        Group group = groups.get(error);
        if (group == null && groups.size() == MAX_GROUPS) {
            isCutShort = true;
            return;
        }
        if (group == null) {
            group = new Group(failure.execution());
            groups.put(error, group);
        }
        group.add(failure);
    }
}
