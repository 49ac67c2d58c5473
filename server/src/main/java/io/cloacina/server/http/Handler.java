package io.cloacina.server.http;

/** Answers calls, many at once. What it throws becomes an answer too: see {@link RequestException}. */
@FunctionalInterface
public interface Handler {
    /** Does what is asked. */
    Answer handle(Call call);
}
