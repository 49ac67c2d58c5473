package io.cloacina.schema.sql;

/** What a nullable column can be set to: an operand, or a parameter that may be null. */
public sealed interface Assignable<V> permits Operand, NullableParameter {}
