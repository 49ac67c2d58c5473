package io.cloacina.schema.copy;

import org.jspecify.annotations.Nullable;

/**
 * A part of a table in the order of its primary key.
 *
 * @param after the key before the first row; null for the beginning of the table
 * @param last the key of the last row
 */
record Span(@Nullable Object after, Object last) {}
