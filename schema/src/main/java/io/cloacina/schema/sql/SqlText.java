package io.cloacina.schema.sql;

import java.util.List;

/** The text of a statement on one backend, with its name for messages and its placeholders in order. */
record SqlText(String statement, String sql, List<Slot<?>> slots) {}
