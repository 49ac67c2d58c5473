package io.cloacina.schema.catalog;

import io.cloacina.schema.catalog.SqlTokens.Brackets;
import io.cloacina.schema.catalog.SqlTokens.Kind;
import io.cloacina.schema.catalog.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Conditions of checks and partial indexes in a normal form, so that the spellings of both backends for the same
 * condition become equal: PostgreSQL stores {@code x IN ('a', 'b')} as {@code (x = ANY (ARRAY['a'::text, 'b'::text]))}.
 * Differences in blanks, comments, the case of keywords, needless quotes and needless parentheses disappear. Text that
 * is not understood keeps its tokens.
 */
final class NormalForm {
    private static final Set<String> COMPARISONS =
            Set.of("=", "==", "<>", "!=", "<", "<=", ">", ">=", "~~", "!~~", "~");
    private static final Set<String> ARITHMETIC =
            Set.of("+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>", "->", "->>");
    private static final Set<String> MATCHES = Set.of("like", "glob", "regexp", "match", "ilike");
    private static final Set<String> TYPE_WORDS = Set.of("varying", "precision", "without", "with", "time", "zone");
    /** Words that begin something which this class does not read; a name with that spelling would be in quotes. */
    private static final Set<String> REFUSED = Set.of("case", "cast", "select", "exists", "array", "row");

    private final SqlTokens tokens;

    private NormalForm(SqlTokens tokens) {
        this.tokens = tokens;
    }

    /** How strongly the outermost operator of a text binds. */
    private enum Strength {
        OR,
        AND,
        NOT,
        COMPARISON,
        ARITHMETIC,
        VALUE
    }

    /** A part in its normal form. */
    private record Part(String text, Strength strength) {
        static Part value(String text) {
            return new Part(text, Strength.VALUE);
        }

        String atLeast(Strength needed) {
            return strength.compareTo(needed) >= 0 ? text : "(" + text + ")";
        }
    }

    /** The text contains something that this class does not read. */
    private static final class NotUnderstood extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** The normal form of a text in PostgreSQL's catalog. */
    static String ofPostgres(String expression) {
        return of(SqlTokens.of(expression, Brackets.ARRAY));
    }

    /** The normal form of an expression. */
    static String of(SqlTokens expression) {
        SqlTokens tokens = expression.again();
        try {
            Part whole = new NormalForm(tokens).or();
            if (tokens.isAtEnd()) {
                return whole.text;
            }
        } catch (NotUnderstood e) {
            // the tokens are returned instead, below
        }
        return expression.again().rest();
    }

    private Part or() throws NotUnderstood {
        Part left = and();
        while (tokens.accept("or")) {
            left = new Part(left.text + " OR " + and().text, Strength.OR);
        }
        return left;
    }

    private Part and() throws NotUnderstood {
        Part left = not();
        while (tokens.accept("and")) {
            left = new Part(left.atLeast(Strength.AND) + " AND " + not().atLeast(Strength.AND), Strength.AND);
        }
        return left;
    }

    private Part not() throws NotUnderstood {
        if (tokens.accept("not")) {
            return new Part("NOT " + not().atLeast(Strength.VALUE), Strength.NOT);
        }
        return comparison();
    }

    private Part comparison() throws NotUnderstood {
        Part left = arithmetic();
        while (true) {
            String compared = left.atLeast(Strength.ARITHMETIC);
            String rest = comparedWith();
            if (rest.isEmpty()) {
                return left;
            }
            left = new Part(compared + rest, Strength.COMPARISON);
        }
    }

    /** The operator and its right operand; empty if there is no comparison. */
    private String comparedWith() throws NotUnderstood {
        Token token = tokens.peek();
        if (token.kind() == Kind.SYMBOL && COMPARISONS.contains(token.text())) {
            tokens.next();
            return operator(token.text());
        }
        if (tokens.accept("is", "not")) {
            return " IS NOT " + keyword(arithmetic());
        }
        if (tokens.accept("is")) {
            return " IS " + keyword(arithmetic());
        }
        if (tokens.accept("isnull")) {
            return " IS NULL";
        }
        if (tokens.accept("notnull") || tokens.accept("not", "null")) {
            return " IS NOT NULL";
        }
        boolean negated = tokens.accept("not");
        String not = negated ? " NOT" : "";
        if (tokens.accept("in")) {
            return membership(negated, list("(", ")"));
        }
        if (tokens.accept("between")) {
            String low = arithmetic().atLeast(Strength.ARITHMETIC);
            require(tokens.accept("and"));
            return not + " BETWEEN " + low + " AND " + arithmetic().atLeast(Strength.ARITHMETIC);
        }
        String word = tokens.peek().normal();
        if (tokens.peek().kind() == Kind.WORD && MATCHES.contains(word)) {
            tokens.next();
            return not + " " + word + " " + arithmetic().atLeast(Strength.ARITHMETIC);
        }
        require(!negated);
        return "";
    }

    private String operator(String written) throws NotUnderstood {
        String operator = switch (written) {
            case "==" -> "=";
            case "!=" -> "<>";
            default -> written;
        };
        if (operator.equals("=") && tokens.accept("any")) {
            return membership(false, array());
        }
        if (operator.equals("<>") && tokens.accept("all")) {
            return membership(true, array());
        }
        return " " + operator + " " + arithmetic().atLeast(Strength.ARITHMETIC);
    }

    private static String membership(boolean negated, List<String> values) {
        if (values.size() == 1) {
            return (negated ? " <> " : " = ") + values.get(0);
        }
        return (negated ? " NOT IN " : " IN ") + CatalogIndex.list(values);
    }

    /** {@code (ARRAY['a'::text, 'b'::text])}, also with parentheses and a cast around the array. */
    private List<String> array() throws NotUnderstood {
        require(tokens.acceptSymbol("("));
        boolean wrapped = tokens.acceptSymbol("(");
        require(tokens.accept("array"));
        List<String> values = list("[", "]");
        if (wrapped) {
            require(tokens.acceptSymbol(")"));
        }
        if (tokens.acceptSymbol("::")) {
            require(type().equals("text[]"));
        }
        require(tokens.acceptSymbol(")"));
        return values;
    }

    private List<String> list(String opening, String closing) throws NotUnderstood {
        require(tokens.acceptSymbol(opening));
        List<String> values = new ArrayList<>();
        if (tokens.acceptSymbol(closing)) {
            return values;
        }
        do {
            values.add(or().text);
        } while (tokens.acceptSymbol(","));
        require(tokens.acceptSymbol(closing));
        return values;
    }

    /** Operators between values are kept as they are, with the parentheses inside them. */
    private Part arithmetic() throws NotUnderstood {
        Part left = value();
        Token token = tokens.peek();
        while (token.kind() == Kind.SYMBOL && ARITHMETIC.contains(token.text())) {
            tokens.next();
            String joined = left.text + " " + token.text() + " " + value().atLeast(Strength.VALUE);
            left = new Part(joined, Strength.ARITHMETIC);
            token = tokens.peek();
        }
        return left;
    }

    private Part value() throws NotUnderstood {
        Part value = plainValue();
        while (true) {
            if (tokens.acceptSymbol("::")) {
                value = cast(value, type());
            } else if (tokens.accept("collate")) {
                value = Part.value(value.atLeast(Strength.VALUE) + " COLLATE "
                        + tokens.next().normal());
            } else {
                return value;
            }
        }
    }

    private Part plainValue() throws NotUnderstood {
        if (tokens.acceptSymbol("(")) {
            Part inner = or();
            require(tokens.acceptSymbol(")"));
            return inner;
        }
        if (tokens.acceptSymbol("-")) {
            return Part.value("-" + value().atLeast(Strength.VALUE));
        }
        tokens.acceptSymbol("+");
        Token token = tokens.next();
        return switch (token.kind()) {
            case STRING, NUMBER -> Part.value(token.text());
            case NAME -> Part.value(qualified(token.normal()));
            case WORD -> word(token.normal());
            case SYMBOL, END -> throw new NotUnderstood();
        };
    }

    private Part word(String word) throws NotUnderstood {
        require(!REFUSED.contains(word));
        if (tokens.peek().kind() == Kind.STRING) {
            return Part.value(word + " " + tokens.next().text());
        }
        if (tokens.peek().isSymbol("(")) {
            return Part.value(word + CatalogIndex.list(list("(", ")")));
        }
        return Part.value(qualified(word));
    }

    private String qualified(String name) {
        StringBuilder whole = new StringBuilder(name);
        while (tokens.acceptSymbol(".")) {
            whole.append('.').append(tokens.next().normal());
        }
        return whole.toString();
    }

    private String type() throws NotUnderstood {
        require(tokens.peek().isName());
        StringBuilder type = new StringBuilder(qualified(tokens.next().normal()));
        while (TYPE_WORDS.contains(tokens.peek().normal())) {
            type.append(' ').append(tokens.next().normal());
        }
        if (tokens.peek().isSymbol("(")) {
            type.append('(').append(tokens.group().rest()).append(')');
        }
        while (tokens.acceptSymbol("[")) {
            require(tokens.acceptSymbol("]"));
            type.append("[]");
        }
        return type.toString();
    }

    /** PostgreSQL adds a cast to every text, and writes a negative number as a text with a cast. */
    private static Part cast(Part value, String type) {
        if (type.equals("text")) {
            return value;
        }
        boolean whole = type.equals("integer") || type.equals("bigint");
        if (whole && value.text.matches("'-?\\d+'")) {
            return Part.value(value.text.substring(1, value.text.length() - 1));
        }
        return Part.value(value.atLeast(Strength.VALUE) + "::" + type);
    }

    private static String keyword(Part part) {
        return switch (part.text) {
            case "null" -> "NULL";
            case "true" -> "TRUE";
            case "false" -> "FALSE";
            default -> part.atLeast(Strength.ARITHMETIC);
        };
    }

    private static void require(boolean understood) throws NotUnderstood {
        if (!understood) {
            throw new NotUnderstood();
        }
    }
}
