package io.cloacina.crash;

import org.jspecify.annotations.Nullable;

/** Takes what is wrong, as a format and its values. */
interface Violations {
    void add(String format, @Nullable Object... values);
}
