package io.cloacina.api;

import java.io.Serializable;
import java.util.function.Predicate;

/**
 * Decides whether an error is retried. For an existing predicate {@code p} write {@code p::test}. It may be called on
 * several threads at once, and should only examine the error.
 *
 * <p>It is {@link Serializable} only so that a definition can find the code of a lambda, as {@link TaskBody} explains;
 * it is never serialized.
 */
@FunctionalInterface
public interface RetryCondition extends Predicate<Throwable>, Serializable {}
