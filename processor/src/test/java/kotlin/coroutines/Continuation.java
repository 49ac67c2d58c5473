package kotlin.coroutines;

/** As Kotlin has it, as far as the processor looks at it. */
public interface Continuation<T> {
    /** The value for which the function was suspended. */
    void resumeWith(T result);
}
