package io.cloacina.processor;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** Makes names of any text into Java names that differ within a scope. */
final class Identifiers {
    private final Set<String> taken = new HashSet<>();

    Identifiers(String... taken) {
        this.taken.addAll(Set.of(taken));
    }

    /** That name; if it is taken or a keyword, followed by the suffix; if that is taken, by a number. */
    String unique(String wanted, String suffix) {
        if (!SourceVersion.isKeyword(wanted) && taken.add(wanted)) {
            return wanted;
        }
        String found = wanted + suffix;
        for (int number = 2; SourceVersion.isKeyword(found) || !taken.add(found); number++) {
            found = wanted + suffix + number;
        }
        return found;
    }

    /** {@code order shipped} and {@code order-shipped} are {@code orderShipped}. */
    static String camelCase(String name, String otherwise) {
        StringBuilder identifier = new StringBuilder();
        boolean begins = false;
        for (int c : name.codePoints().toArray()) {
            if (c == '_' || !Character.isJavaIdentifierPart(c) || Character.isIdentifierIgnorable(c)) {
                begins = true;
                continue;
            }
            boolean isFirst = identifier.length() == 0;
            identifier.appendCodePoint(isFirst ? Character.toLowerCase(c) : begins ? Character.toUpperCase(c) : c);
            begins = false;
        }
        boolean isName = identifier.length() > 0 && Character.isJavaIdentifierStart(identifier.codePointAt(0));
        return isName ? identifier.toString() : otherwise + identifier;
    }

    static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
