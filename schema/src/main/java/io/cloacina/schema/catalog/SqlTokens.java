package io.cloacina.schema.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQL text as tokens, read from left to right: without comments and blanks; a quoted name or a string is one token. */
final class SqlTokens {
    private static final Pattern TOKEN = Pattern.compile("""
            (?<blank> \\s+ | --[^\\n]* | /\\*.*?\\*/ )
            | (?<string> [eE]'(?:[^'\\\\]|''|\\\\.)*' | [xXbB]?'(?:[^']|'')*' )
            | (?<name> "(?:[^"]|"")*" | `(?:[^`]|``)*` | \\[[^\\]]*\\] )
            | (?<word> [\\p{L}_][\\p{L}\\p{N}_$]* )
            | (?<number> (?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)? )
            | (?<symbol> :: | <= | >= | <> | != | == | \\|\\| | ->> | -> | << | >> | !?~~?\\*? | . )
            """, Pattern.COMMENTS | Pattern.DOTALL);

    /** In PostgreSQL's own texts, a bracket belongs to an array; in SQLite's, it quotes a name. */
    enum Brackets {
        ARRAY,
        NAME
    }

    enum Kind {
        WORD,
        NAME,
        STRING,
        NUMBER,
        SYMBOL,
        END
    }

    /** @param text a name without its quotes, everything else as written */
    record Token(Kind kind, String text) {
        static final Token END = new Token(Kind.END, "");

        boolean isWord(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word);
        }

        boolean isSymbol(String symbol) {
            return kind == Kind.SYMBOL && text.equals(symbol);
        }

        boolean isName() {
            return kind == Kind.WORD || kind == Kind.NAME;
        }

        /** The token in a normal form: unquoted where quotes are not needed. */
        String normal() {
            return switch (kind) {
                case WORD -> text.toLowerCase(Locale.ROOT);
                case NAME -> PLAIN.matcher(text).matches() ? text : "\"" + text.replace("\"", "\"\"") + "\"";
                default -> text;
            };
        }
    }

    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    private final List<Token> tokens;
    private int position;

    private SqlTokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    static SqlTokens of(String sql, Brackets brackets) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(sql);
        int from = 0;
        while (from < sql.length() && matcher.find(from)) {
            from = matcher.end();
            if (matcher.group("blank") != null) {
                continue;
            }
            if (brackets == Brackets.ARRAY && matcher.group().startsWith("[")) {
                tokens.add(new Token(Kind.SYMBOL, "["));
                from = matcher.start() + 1;
                continue;
            }
            tokens.add(token(matcher));
        }
        return new SqlTokens(tokens);
    }

    private static Token token(Matcher matcher) {
        String text = matcher.group();
        if (matcher.group("string") != null) {
            return new Token(Kind.STRING, text);
        }
        if (matcher.group("name") != null) {
            String quote = text.substring(text.length() - 1);
            return new Token(Kind.NAME, text.substring(1, text.length() - 1).replace(quote + quote, quote));
        }
        if (matcher.group("word") != null) {
            return new Token(Kind.WORD, text);
        }
        return new Token(matcher.group("number") != null ? Kind.NUMBER : Kind.SYMBOL, text);
    }

    boolean isAtEnd() {
        return position >= tokens.size();
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int ahead) {
        return position + ahead < tokens.size() ? tokens.get(position + ahead) : Token.END;
    }

    Token next() {
        Token token = peek();
        position++;
        return token;
    }

    /** Takes the words if all of them are next. */
    boolean accept(String... words) {
        for (int i = 0; i < words.length; i++) {
            if (!peek(i).isWord(words[i])) {
                return false;
            }
        }
        position += words.length;
        return true;
    }

    boolean acceptSymbol(String symbol) {
        if (peek().isSymbol(symbol)) {
            position++;
            return true;
        }
        return false;
    }

    /** Takes a group in parentheses and returns what is inside. */
    SqlTokens group() {
        int start = position + 1;
        int depth = 0;
        do {
            Token token = next();
            if (token.isSymbol("(")) {
                depth++;
            } else if (token.isSymbol(")")) {
                depth--;
            }
        } while (depth > 0 && !isAtEnd());
        return new SqlTokens(tokens.subList(start, Math.max(start, position - 1)));
    }

    /** The parts between commas that are not inside parentheses. */
    List<SqlTokens> split() {
        List<SqlTokens> parts = new ArrayList<>();
        int start = position;
        while (!isAtEnd()) {
            if (peek().isSymbol("(")) {
                group();
            } else if (next().isSymbol(",")) {
                parts.add(new SqlTokens(tokens.subList(start, position - 1)));
                start = position;
            }
        }
        parts.add(new SqlTokens(tokens.subList(start, tokens.size())));
        return parts;
    }

    /** The remaining text, with one blank between tokens. */
    String rest() {
        StringBuilder text = new StringBuilder();
        while (!isAtEnd()) {
            text.append(text.isEmpty() ? "" : " ").append(next().normal());
        }
        return text.toString();
    }

    /** The remaining tokens. */
    SqlTokens remaining() {
        return new SqlTokens(tokens.subList(Math.min(position, tokens.size()), tokens.size()));
    }

    /** All tokens except the last, if that is the given word; otherwise all. */
    SqlTokens withoutLast(String word) {
        int last = tokens.size() - 1;
        return last >= 0 && tokens.get(last).isWord(word) ? new SqlTokens(tokens.subList(0, last)) : again();
    }

    /** The same tokens from the beginning. */
    SqlTokens again() {
        return new SqlTokens(tokens);
    }
}
