package io.cloacina.schema.database;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds in an SQL text a statement that would end the transaction that it runs in: COMMIT, END, ROLLBACK (not to a
 * savepoint), ABORT and PREPARE TRANSACTION, also after comments and other statements. It reads the text as both
 * databases do, as far as needed: strings, quoted names, comments and the bodies of functions and triggers are skipped.
 */
final class TransactionControl {
    private static final Set<String> ENDING = Set.of("COMMIT", "END", "ROLLBACK", "ABORT");
    private static final Set<String> WITH_BODY = Set.of("TRIGGER", "FUNCTION", "PROCEDURE");

    private final String sql;
    private int at;
    private boolean isInBody;

    private TransactionControl(String sql) {
        this.sql = sql;
    }

    /** The first word of the statement that ends the transaction, in upper case; empty if there is none. */
    static Optional<String> find(String sql) {
        return new TransactionControl(sql).find();
    }

    /** Whether the text begins with a statement that rolls back to a savepoint. */
    static boolean undoesPart(String sql) {
        TransactionControl control = new TransactionControl(sql);
        String first = control.nextWord();
        return first != null && control.isToSavepoint(first);
    }

    private Optional<String> find() {
        while (true) {
            String first = nextWord();
            if (first == null) {
                if (at >= sql.length()) {
                    return Optional.empty();
                }
                skipStatement(false);
                continue;
            }
            if (isInBody) {
                isInBody = !first.equals("END");
                skipStatement(false);
                continue;
            }
            if (ENDING.contains(first) && !isToSavepoint(first)) {
                return Optional.of(first);
            }
            if (first.equals("PREPARE") && "TRANSACTION".equals(nextWord())) {
                return Optional.of("PREPARE TRANSACTION");
            }
            skipStatement(first.equals("CREATE"));
        }
    }

    /** Whether it is ROLLBACK [WORK | TRANSACTION] TO. */
    private boolean isToSavepoint(String first) {
        if (!first.equals("ROLLBACK")) {
            return false;
        }
        String next = nextWord();
        if ("WORK".equals(next) || "TRANSACTION".equals(next)) {
            next = nextWord();
        }
        return "TO".equals(next);
    }

    /** Moves behind the next semicolon that ends a statement; the body of a function or trigger begins with BEGIN. */
    private void skipStatement(boolean isCreation) {
        boolean mayHaveBody = false;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == ';') {
                at++;
                return;
            }
            if (Character.isLetter(c) || c == '_') {
                String word = word();
                mayHaveBody |= isCreation && WITH_BODY.contains(word);
                if (mayHaveBody && word.equals("BEGIN")) {
                    isInBody = true;
                    return; // what follows is the first statement of the body
                }
            } else {
                skipOne();
            }
        }
    }

    /** The next word, in upper case; null if something else follows, or the text ends. */
    private @Nullable String nextWord() {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (Character.isLetter(c) || c == '_') {
                return word();
            }
            if (!Character.isWhitespace(c) && !isComment()) {
                return null;
            }
            skipOne();
        }
        return null;
    }

    private String word() {
        int from = at;
        while (at < sql.length() && isOfWord(sql.charAt(at))) {
            at++;
        }
        return sql.substring(from, at).toUpperCase(Locale.ROOT);
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private boolean isComment() {
        return sql.startsWith("--", at) || sql.startsWith("/*", at);
    }

    /** Moves behind a comment, a quoted text or name, or one character. */
    private void skipOne() {
        if (sql.startsWith("--", at)) {
            skipBehind("\n", at + 2);
        } else if (sql.startsWith("/*", at)) {
            skipBehind("*/", at + 2);
        } else {
            switch (sql.charAt(at)) {
                case '\'' -> skipString();
                case '"', '`' -> skipBehind(String.valueOf(sql.charAt(at)), at + 1);
                case '$' -> skipDollars();
                default -> at++;
            }
        }
    }

    /**
     * Skips a string; one with a doubled quote is skipped as two strings. A backslash escapes only in a string with an
     * E before it.
     */
    private void skipString() {
        boolean isEscaped = at > 0
                && (sql.charAt(at - 1) == 'E' || sql.charAt(at - 1) == 'e')
                && (at == 1 || !isOfWord(sql.charAt(at - 2)));
        at++;
        while (at < sql.length() && sql.charAt(at) != '\'') {
            at += isEscaped && sql.charAt(at) == '\\' ? 2 : 1;
        }
        at = Math.min(sql.length(), at + 1);
    }

    /** Skips a string such as $body$ … $body$; a parameter such as $1 is not one. */
    private void skipDollars() {
        int end = at + 1;
        while (end < sql.length() && sql.charAt(end) != '$' && isOfWord(sql.charAt(end))) {
            end++;
        }
        boolean isTag = end < sql.length()
                && sql.charAt(end) == '$'
                && (end == at + 1 || !Character.isDigit(sql.charAt(at + 1)));
        if (isTag) {
            skipBehind(sql.substring(at, end + 1), end + 1);
        } else {
            at++;
        }
    }

    private void skipBehind(String mark, int from) {
        int found = sql.indexOf(mark, from);
        at = found < 0 ? sql.length() : found + mark.length();
    }
}
