package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;

/**
 * Lets a negative zero become a double in a tree: a decimal, which keeps the digits of all other numbers, cannot be a negative
 * zero. All other numbers in JSON are finite: Jackson 2.15 would take a decimal that is too large for a double as infinite.
 */
final class SignedZeroParser extends JsonParserDelegate {
    SignedZeroParser(JsonParser of) {
        super(of);
    }

    /** Jackson reads a number as a double instead of a decimal if this is true. */
    @Override
    public boolean isNaN() throws IOException {
        if (delegate.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            return false;
        }
        String text = delegate.getText();
        if (!text.startsWith("-")) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 'e' || c == 'E') {
                return true;
            }
            if (c != '0' && c != '.') {
                return false;
            }
        }
        return true;
    }
}
