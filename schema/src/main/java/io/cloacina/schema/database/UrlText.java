package io.cloacina.schema.database;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Common parts of database URLs: escapes, the settings after the question mark, and the error for a URL that is
 * refused.
 */
final class UrlText {
    private UrlText() {}

    static DatabaseException refused(String what) {
        return new DatabaseException(ErrorKind.URL, what + " The forms are: " + DatabaseUrl.FORMS, null);
    }

    static String beforeQuery(String text) {
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }

    static String afterQuery(String text) {
        int query = text.indexOf('?');
        return query < 0 ? "" : text.substring(query + 1);
    }

    /**
     * Decodes a text. A plus stands for itself. Bytes that are not UTF-8 are refused, because they would silently be
     * replaced, for example in a password.
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return requireNoNul(text);
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(encoded.length);
        for (int at = 0; at < encoded.length; at++) {
            if (encoded[at] != '%') {
                decoded.put(encoded[at]);
                continue;
            }
            int high = at + 2 < encoded.length ? Character.digit(encoded[at + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(encoded[at + 2], 16);
            if (low < 0) {
                throw refused("The URL has a '%' that is not followed by two hexadecimal digits.");
            }
            decoded.put((byte) (high * 16 + low));
            at += 2;
        }
        try {
            return requireNoNul(
                    StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString());
        } catch (CharacterCodingException e) {
            throw refused("The URL has escapes that are not the UTF-8 of any character.");
        }
    }

    private static String requireNoNul(String text) {
        if (text.indexOf('\0') >= 0) {
            throw refused("The URL has the character U+0000, which no database accepts.");
        }
        return text;
    }

    static Map<String, String> settings(String query) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw refused(
                        "A setting is not of the form NAME=VALUE; the text after the first '?' must be settings.");
            }
            set(settings, decode(pair.substring(0, equals)), pair.substring(equals + 1));
        }
        return settings;
    }

    static void set(Map<String, String> settings, String name, String encoded) {
        if (settings.put(name, decode(encoded)) != null) {
            throw refused("The setting '" + name + "' is set twice.");
        }
    }

    static int number(Map<String, String> settings, String name, int otherwise, int least, int most) {
        @Nullable String text = settings.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, like a number out of range
        }
        throw refused(name + " must be a number from " + least + " to " + most + ", not '" + text + "'.");
    }
}
