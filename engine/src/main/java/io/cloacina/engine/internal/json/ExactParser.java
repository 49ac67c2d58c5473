package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.math.BigDecimal;

/** Hands on no number that is another one, for example because a double has no room for it. */
final class ExactParser extends JsonParserDelegate {
    ExactParser(JsonParser of) {
        super(of);
    }

    @Override
    public byte getByteValue() throws IOException {
        int value = delegate.getIntValue();
        // Jackson takes more, as bytes without a sign.
        return value == (byte) value ? (byte) value : refuse(byte.class);
    }

    @Override
    public double getDoubleValue() throws IOException {
        double value = delegate.getDoubleValue();
        return isSame(value, value) ? value : refuse(double.class);
    }

    @Override
    public float getFloatValue() throws IOException {
        float value = delegate.getFloatValue();
        return isSame(value, delegate.getDoubleValue()) ? value : refuse(float.class);
    }

    /** A fraction is rounded, as everywhere in Java; a whole number has to be the same, and none becomes infinite or zero. */
    private boolean isSame(double read, double given) throws IOException {
        if (delegate.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return !Double.isInfinite(read)
                    && new BigDecimal(read).compareTo(new BigDecimal(delegate.getBigIntegerValue())) == 0;
        }
        if (delegate.currentToken() != JsonToken.VALUE_NUMBER_FLOAT || delegate.isNaN() || Double.isNaN(given)) {
            return true;
        }
        return !Double.isInfinite(read)
                && (read != 0 || delegate.getDecimalValue().signum() == 0);
    }

    private <T> T refuse(Class<?> type) throws InputCoercionException {
        throw new InputCoercionException(this, "it has no room for it", delegate.currentToken(), type);
    }
}
