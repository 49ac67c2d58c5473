/**
 * The universal column types: values that mean the same on SQLite and PostgreSQL, and how each backend stores them.
 *
 * <p>Entry types: {@link io.cloacina.schema.type.DataType} names a type and hands out its
 * {@link io.cloacina.schema.type.Codec} for a {@link io.cloacina.schema.type.Backend}; the values are
 * {@link io.cloacina.schema.type.UniversalUuid}, {@link io.cloacina.schema.type.UniversalTimestamp},
 * {@link io.cloacina.schema.type.UniversalBool}, {@link io.cloacina.schema.type.UniversalBinary}, {@code String},
 * {@code Integer}, {@code Long} and enums that are {@link io.cloacina.api.Labeled}.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A universal value that can be made can be stored on both backends, and reads back equal from both.
 *   <li>The universal values order in Java as both databases sort them. Both sort text and enums by Unicode code point.
 *   <li>Everything here is immutable and thread safe.
 *   <li>Nothing branches on the backend per value: a codec is resolved once, when a statement is composed.
 *   <li>A refused value is an {@link io.cloacina.schema.type.InvalidValueException}, never a silent conversion.
 * </ul>
 */
@NullMarked
package io.cloacina.schema.type;

import org.jspecify.annotations.NullMarked;
