package io.cloacina.engine.internal.run;

import io.cloacina.engine.model.Count;

/** Counts that stop somewhere. */
final class Counts {
    private Counts() {}

    /** What a count was that stopped one after {@code most}. */
    static Count upTo(long most, long counted) {
        return new Count(Math.min(most, counted), counted > most);
    }
}
