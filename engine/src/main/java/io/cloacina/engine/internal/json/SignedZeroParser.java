package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;

/**
 * Lets a negative zero become a double in a tree: decimals, which keep the digits of all others, have none. All other numbers
 * of JSON are finite: Jackson 2.15 takes a decimal for infinite that a double has no room for.
 */
final class SignedZeroParser extends JsonParserDelegate {
    SignedZeroParser(JsonParser of) {
        super(of);
    }

    /** What is not a number is what Jackson makes no decimal of. */
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
