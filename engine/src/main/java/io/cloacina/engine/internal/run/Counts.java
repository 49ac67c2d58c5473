package io.cloacina.engine.internal.run;

import io.cloacina.engine.model.Count;

/** Makes {@link Count}s of queries that stop counting at a limit. */
final class Counts {
    private Counts() {}

    /** The result of a query that stopped counting one after {@code most}. */
    static Count upTo(long most, long counted) {
        return new Count(Math.min(most, counted), counted > most);
    }
}
