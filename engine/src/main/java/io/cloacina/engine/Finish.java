package io.cloacina.engine;

import io.cloacina.schema.type.UniversalTimestamp;
import org.jspecify.annotations.Nullable;

/** How an attempt ended, to be recorded. {@code heirs} gets what its successors see, null if nobody shall inherit. */
record Finish(Claimed claimed, Ending ending, @Nullable AttemptContext context) {
    /** The ways an attempt ends. */
    sealed interface Ending {}

    /** The body returned; {@code patch} is what it wrote, null if nothing. */
    record Completed(@Nullable String patch) implements Ending {}

    /** The body threw, for good. */
    record Failed(String error, Throwable cause) implements Ending {}

    /** The body threw and is tried again, not before {@code dueAt}. */
    record Retried(String error, Throwable cause, @Nullable UniversalTimestamp dueAt) implements Ending {}

    /** It was given back: no failure. */
    record Released() implements Ending {}

    /** The definition does not know the task any more: nothing can follow it. */
    record Orphaned(String error) implements Ending {}

    Claim claim() {
        return claimed.claim();
    }
}
