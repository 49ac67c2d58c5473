package io.cloacina.schema.sql;

import java.util.List;

/** What a statement is on one backend: its name in messages, the text and its placeholders in order. */
record SqlText(String statement, String sql, List<Slot<?>> slots) {}
