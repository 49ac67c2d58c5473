package io.cloacina.processor;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.util.Elements;

/** Reads a JSON text (RFC 8259) and writes it as a Java expression. */
final class JsonLiteral {
    /** Why a text is refused. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** Deeper values are refused, so that none of them exhausts the stack. */
    private static final int MAX_DEPTH = 50;

    private static final int MAX_OF_MAP = 10;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern CODE_UNIT = Pattern.compile("[0-9a-fA-F]{4}");

    private final String text;
    private final Elements elements;
    private final Imports imports;
    private int at;
    private int depth;

    private JsonLiteral(String text, Elements elements, Imports imports) {
        this.text = text;
        this.elements = elements;
        this.imports = imports;
    }

    static String of(String text, Elements elements, Imports imports) throws Refused {
        JsonLiteral reader = new JsonLiteral(text, elements, imports);
        String expression = reader.value();
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw new Refused("the text continues after the value, at position " + reader.at);
        }
        return expression;
    }

    private String value() throws Refused {
        skipSpace();
        if (at == text.length()) {
            throw new Refused("it ends too early");
        }
        char first = text.charAt(at);
        if (first == '"') {
            return elements.getConstantExpression(string());
        }
        if (first == '[' || first == '{') {
            if (++depth > MAX_DEPTH) {
                throw new Refused("it is nested more than " + MAX_DEPTH + " deep");
            }
            at++;
            String collection = first == '[' ? array() : object();
            depth--;
            return collection;
        }
        for (String word : List.of("true", "false")) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word;
            }
        }
        if (text.startsWith("null", at)) {
            throw new Refused("null cannot be compared; use EXISTS or NOT_EXISTS");
        }
        return number();
    }

    private String number() throws Refused {
        Matcher matcher = NUMBER.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            throw new Refused("no value begins at position " + at);
        }
        at = matcher.end();
        String number = matcher.group();
        if (matcher.group(1) == null && matcher.group(2) == null) {
            try {
                return Long.parseLong(number) + "L";
            } catch (NumberFormatException e) {
                return decimal(number); // more than a long holds
            }
        }
        return decimal(number);
    }

    private String decimal(String number) throws Refused {
        try {
            return "new " + imports.name(BigDecimal.class) + "(\"" + new BigDecimal(number) + "\")";
        } catch (NumberFormatException e) {
            throw new Refused("the exponent of a number is too large");
        }
    }

    private String string() throws Refused {
        StringBuilder read = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return read.toString();
            }
            if (c < ' ') {
                throw new Refused("a string has a control character at position " + at);
            }
            read.append(c == '\\' ? escaped() : c);
        }
        throw new Refused("a string is not closed");
    }

    private char escaped() throws Refused {
        at++;
        char kind = at < text.length() ? text.charAt(at) : ' ';
        if (kind == 'u') {
            Matcher digits = CODE_UNIT.matcher(text).region(at + 1, text.length());
            if (digits.lookingAt()) {
                at += digits.group().length();
                return (char) Integer.parseInt(digits.group(), 16);
            }
        }
        int known = "\"\\/bfnrt".indexOf(kind);
        if (known < 0) {
            throw new Refused("an escape sequence is invalid at position " + at);
        }
        return "\"\\/\b\f\n\r\t".charAt(known);
    }

    private String array() throws Refused {
        List<String> elementsOfIt = new ArrayList<>();
        while (hasNext(']', elementsOfIt.isEmpty())) {
            elementsOfIt.add(value());
        }
        return imports.name(List.class) + ".of(" + String.join(", ", elementsOfIt) + ")";
    }

    private String object() throws Refused {
        List<String> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        while (hasNext('}', keys.isEmpty())) {
            skipSpace();
            if (at == text.length() || text.charAt(at) != '"') {
                throw new Refused("a key in quotes is missing at position " + at);
            }
            String key = string();
            if (!seen.add(key)) {
                throw new Refused("the key '" + key + "' occurs twice");
            }
            keys.add(elements.getConstantExpression(key));
            skipSpace();
            if (at == text.length() || text.charAt(at++) != ':') {
                throw new Refused("a colon is missing before position " + at);
            }
            values.add(value());
        }
        String map = imports.name(Map.class);
        boolean few = keys.size() <= MAX_OF_MAP;
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            String entry = keys.get(i) + ", " + values.get(i);
            entries.add(few ? entry : map + ".entry(" + entry + ")");
        }
        return map + (few ? ".of(" : ".ofEntries(") + String.join(", ", entries) + ")";
    }

    private boolean hasNext(char end, boolean first) throws Refused {
        skipSpace();
        char c = at < text.length() ? text.charAt(at) : ' ';
        if (c == end) {
            at++;
            return false;
        }
        if (first) {
            return true;
        }
        if (c != ',') {
            throw new Refused("a comma or '" + end + "' is missing at position " + at);
        }
        at++;
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
