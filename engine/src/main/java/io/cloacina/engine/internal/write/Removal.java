package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;

/** Removes executions that have ended, with all their rows. */
public final class Removal {
    private Removal() {}

    /** Removes those executions that are still finished, because one may have been reopened; returns how many. */
    public static int remove(WriteTransaction transaction, List<UniversalUuid> some) {
        int[] locked = transaction.batch(HistoryStore.LOCK_FINISHED, some);
        List<UniversalUuid> finished = new ArrayList<>();
        for (int i = 0; i < locked.length; i++) {
            if (locked[i] == 1) {
                finished.add(some.get(i));
            }
        }
        transaction.batch(HistoryStore.REMOVE_CONTEXTS, finished);
        transaction.batch(HistoryStore.REMOVE, finished);
        return finished.size();
    }

    /**
     * Removes an execution with all its descendants, if it is still finished. Descendants that are not finished stay.
     */
    static boolean removeWithChildren(WriteTransaction transaction, UniversalUuid execution) {
        List<UniversalUuid> all = new ArrayList<>(List.of(execution));
        for (int i = 0; i < all.size(); i++) {
            all.addAll(transaction.list(HistoryStore.CHILDREN, all.get(i)));
        }
        if (remove(transaction, List.of(execution)) == 0) {
            return false;
        }
        if (all.size() > 1) {
            remove(transaction, all.subList(1, all.size()));
        }
        return true;
    }
}
