package io.cloacina.server.http;

import io.cloacina.engine.Engine;

/**
 * The engine of the handlers, and what they may show and change.
 *
 * @param isReadOnly whether all changes are refused
 * @param hidesData whether the values of inputs, contexts and signals are not shown
 */
public record Scope(Engine engine, boolean isReadOnly, boolean hidesData) {}
