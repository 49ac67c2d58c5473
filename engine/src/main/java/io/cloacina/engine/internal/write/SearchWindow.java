package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.store.Search;
import io.cloacina.engine.internal.store.SearchStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;

/**
 * One window of a search, newest first: the executions found in it, and where the next window begins. If the search is
 * over, that is its least id.
 */
public record SearchWindow(List<Execution> found, UniversalUuid next, boolean isOver) {
    /** Searches the first window, for at most that many executions. */
    public static SearchWindow read(Reading reading, Search search, int atMost) {
        UniversalUuid last = SearchStore.windowOf(search).stream()
                .flatMap(select -> reading.list(select, search).stream())
                .filter(id -> id.compareTo(search.from()) > 0)
                .findFirst()
                .orElse(search.from());
        List<Execution> found = reading.list(
                SearchStore.of(search), search.within(last, UniversalUuid.MAX).bounded(atMost, search.scan()));
        if (found.size() == atMost) {
            return new SearchWindow(
                    found, UniversalUuid.of(found.get(atMost - 1).id()), false);
        }
        return new SearchWindow(found, last, last.equals(search.from()));
    }
}
