package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The path of a part of a value: {@code .items[3].price}. */
final class KeyPath {
    private static final int MAX_LENGTH = 100;

    private KeyPath() {}

    static String of(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            add(path, reference.getFieldName(), reference.getIndex());
        }
        return path.toString();
    }

    /** The path of a parser's position. */
    static String of(@Nullable JsonStreamContext context) {
        if (context == null || context.inRoot()) {
            return "";
        }
        StringBuilder path = new StringBuilder(of(context.getParent()));
        add(path, context.getCurrentName(), context.hasCurrentIndex() ? context.getCurrentIndex() : -1);
        return path.toString();
    }

    private static void add(StringBuilder path, @Nullable String key, int index) {
        if (path.length() > MAX_LENGTH) {
            return;
        }
        if (key != null) {
            path.append('.').append(ErrorText.shown(key));
        } else if (index >= 0) {
            path.append('[').append(index).append(']');
        }
        if (path.length() > MAX_LENGTH) {
            path.append('…');
        }
    }
}
