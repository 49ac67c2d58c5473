package io.cloacina.server.http;

/** Answers calls, several at the same time. An exception becomes an answer as well: see {@link RequestException}. */
@FunctionalInterface
public interface Handler {
    /** Handles a call. */
    Answer handle(Call call);
}
