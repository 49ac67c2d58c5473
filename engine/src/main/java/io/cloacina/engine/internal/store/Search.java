package io.cloacina.engine.internal.store;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The conditions of a search, which finds the executions that fulfill all of them.
 *
 * @param from the least id
 * @param before the bound that all ids are below
 * @param scan how many executions are searched
 * @param texts the conditions that are texts
 * @param parent the execution whose tasks have submitted the found ones; null for any or none
 * @param ids the ids to choose from; empty for any id
 * @param states the states to choose from; empty for any state
 * @param taskStates the states to choose from of the task that {@link Part#TASK} names
 * @param isInSteps whether few executions are read at a time: then no statement reads all entries of an index
 */
public record Search(
        UniversalUuid from,
        UniversalUuid before,
        int limit,
        int scan,
        Map<Part, String> texts,
        @Nullable UniversalUuid parent,
        List<UniversalUuid> ids,
        List<ExecutionStatus> states,
        List<TaskStatus> taskStates,
        Map<String, String> labels,
        boolean isInSteps) {
    /** The conditions that are texts. */
    public enum Part {
        WORKFLOW,
        VERSION,
        KEY,
        ERROR,
        SCHEDULE,
        TASK
    }

    /** A search without conditions. */
    public static Search all(int limit, int scan) {
        return new Search(
                UniversalUuid.NIL,
                UniversalUuid.MAX,
                limit,
                scan,
                Map.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                false);
    }

    /** The same search, additionally within these bounds. */
    public Search within(UniversalUuid least, UniversalUuid bound) {
        return new Search(
                least.compareTo(from) > 0 ? least : from,
                bound.compareTo(before) < 0 ? bound : before,
                limit,
                scan,
                texts,
                parent,
                ids,
                states,
                taskStates,
                labels,
                isInSteps);
    }

    /** The same search, for few executions at a time. */
    public Search inSteps() {
        return new Search(from, before, limit, scan, texts, parent, ids, states, taskStates, labels, true);
    }

    public Search bounded(int atMost, int scanned) {
        return new Search(from, before, atMost, scanned, texts, parent, ids, states, taskStates, labels, isInSteps);
    }

    public Search with(Part part, String text) {
        Map<Part, String> more = new EnumMap<>(Part.class);
        more.putAll(texts);
        more.put(part, text);
        return new Search(from, before, limit, scan, more, parent, ids, states, taskStates, labels, isInSteps);
    }

    public Search childrenOf(UniversalUuid execution) {
        return new Search(from, before, limit, scan, texts, execution, ids, states, taskStates, labels, isInSteps);
    }

    /** The same search, among these ids, of which there is at least one. */
    public Search among(List<UniversalUuid> any) {
        Search near = within(Collections.min(any), Collections.max(any).next());
        return new Search(
                near.from, near.before, limit, scan, texts, parent, any, states, taskStates, labels, isInSteps);
    }

    public Search in(List<ExecutionStatus> any) {
        return new Search(from, before, limit, scan, texts, parent, ids, any, taskStates, labels, isInSteps);
    }

    public Search task(String name, List<TaskStatus> any) {
        Search named = with(Part.TASK, name);
        return new Search(from, before, limit, scan, named.texts, parent, ids, states, any, labels, isInSteps);
    }

    public Search labelled(Map<String, String> all) {
        return new Search(from, before, limit, scan, texts, parent, ids, states, taskStates, all, isInSteps);
    }

    String text(Part part) {
        return Objects.requireNonNull(texts.get(part));
    }

    UniversalUuid requiredParent() {
        return Objects.requireNonNull(parent);
    }

    /** The value with that index, or the first one if there are fewer values. */
    static <V> V at(int index, List<V> values) {
        return values.get(index < values.size() ? index : 0);
    }

    List<Map.Entry<String, String>> labelList() {
        return new ArrayList<>(labels.entrySet());
    }
}
