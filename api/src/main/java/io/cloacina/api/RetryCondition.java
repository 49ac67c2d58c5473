package io.cloacina.api;

import java.io.Serializable;
import java.util.function.Predicate;

/**
 * Whether an error is worth another attempt. Of an existing predicate {@code p} it is {@code p::test}. It may be asked on
 * several threads at once, and should only look at the error.
 *
 * <p>It is {@link Serializable} only so that a definition can find the code of a lambda, as {@link TaskBody} says; it is never
 * serialized.
 */
@FunctionalInterface
public interface RetryCondition extends Predicate<Throwable>, Serializable {}
