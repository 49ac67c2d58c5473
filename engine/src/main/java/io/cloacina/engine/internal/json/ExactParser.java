package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.math.BigDecimal;

/** Refuses a number that the wanted type would change, for example because a double cannot represent it. */
final class ExactParser extends JsonParserDelegate {
    ExactParser(JsonParser of) {
        super(of);
    }

    @Override
    public byte getByteValue() throws IOException {
        int value = delegate.getIntValue();
        // Jackson accepts more, as unsigned bytes.
        if (value != (byte) value) {
            throw noRoom(byte.class);
        }
        return (byte) value;
    }

    @Override
    public double getDoubleValue() throws IOException {
        double value = delegate.getDoubleValue();
        if (!isSame(value)) {
            throw noRoom(double.class);
        }
        return value;
    }

    @Override
    public float getFloatValue() throws IOException {
        float value = delegate.getFloatValue();
        if (!isSame(value)) {
            throw noRoom(float.class);
        }
        return value;
    }

    /**
     * Whether the number is unchanged. A fraction may be rounded, as everywhere in Java; a whole number must be exact, and no
     * number may become infinite or zero.
     */
    private boolean isSame(double read) throws IOException {
        if (delegate.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return !Double.isInfinite(read)
                    && new BigDecimal(read).compareTo(new BigDecimal(delegate.getBigIntegerValue())) == 0;
        }
        if (delegate.currentToken() != JsonToken.VALUE_NUMBER_FLOAT || delegate.isNaN()) {
            return true;
        }
        return !Double.isInfinite(read)
                && (read != 0 || delegate.getDecimalValue().signum() == 0);
    }

    private InputCoercionException noRoom(Class<?> type) {
        return new InputCoercionException(this, "it has no room for it", delegate.currentToken(), type);
    }
}
