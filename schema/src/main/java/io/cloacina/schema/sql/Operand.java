package io.cloacina.schema.sql;

/** What a column can be compared with: a column, or a parameter that is never null. */
public sealed interface Operand<V> extends Assignable<V> permits AnyColumn, NotNull {}
