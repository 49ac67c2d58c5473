package io.cloacina.schema.sql;

/** An operand that is never null: all that a NOT NULL column can be set to. */
public sealed interface NotNull<V> extends Operand<V> permits Column, Parameter {}
