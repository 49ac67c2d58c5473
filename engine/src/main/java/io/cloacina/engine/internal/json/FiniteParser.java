package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.JsonParserDelegate;

/** Knows that JSON has finite numbers only: Jackson 2.15 takes a decimal for infinite that a double has no room for. */
final class FiniteParser extends JsonParserDelegate {
    FiniteParser(JsonParser from) {
        super(from);
    }

    @Override
    public boolean isNaN() {
        return false;
    }
}
