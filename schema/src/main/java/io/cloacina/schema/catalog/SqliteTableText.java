package io.cloacina.schema.catalog;

import io.cloacina.schema.catalog.SqlTokens.Brackets;
import io.cloacina.schema.catalog.SqlTokens.Kind;
import io.cloacina.schema.catalog.SqlTokens.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a table that SQLite keeps only in the text of its {@code CREATE TABLE}: checks, the names of
 * constraints, collations of columns, and conflict clauses. {@code ALTER TABLE} edits that text: a renamed table is in
 * quotes, and an added column comes after the constraints of the table. Constraints without a name get one here that
 * says so.
 *
 * @see <a href="https://sqlite.org/lang_createtable.html">CREATE TABLE</a>
 */
final class SqliteTableText {
    private static final Set<String> AFTER_TYPE = Set.of(
            "constraint",
            "primary",
            "not",
            "null",
            "unique",
            "check",
            "default",
            "collate",
            "references",
            "generated",
            "as");

    private static final Set<String> TABLE_CONSTRAINTS = Set.of("constraint", "primary", "unique", "check", "foreign");

    private final SortedMap<String, String> keys = new TreeMap<>();
    private final SortedMap<String, String> checks = new TreeMap<>();
    private final List<NamedReference> references = new ArrayList<>();
    private final Map<String, String> collations = new HashMap<>();
    private final Map<String, String> generated = new HashMap<>();
    private final SortedSet<String> options = new TreeSet<>();

    /** A foreign key; its target is read from the catalog. */
    record NamedReference(String name, List<String> columns, String options) {}

    SqliteTableText(String createTable) {
        SqlTokens tokens = SqlTokens.of(createTable, Brackets.NAME);
        while (!tokens.isAtEnd() && !tokens.peek().isSymbol("(")) {
            tokens.next();
        }
        for (SqlTokens part : tokens.group().split()) {
            Token first = part.peek();
            if (first.kind() == Kind.WORD && TABLE_CONSTRAINTS.contains(first.normal())) {
                constraints(part, null);
            } else {
                column(part);
            }
        }
    }

    SortedMap<String, String> keys() {
        return keys;
    }

    /** The normal forms of checks, by name. */
    SortedMap<String, String> checks() {
        return checks;
    }

    /** The foreign keys in the order of their declaration. */
    List<NamedReference> references() {
        return references;
    }

    /** The collations, by column. */
    Map<String, String> collations() {
        return collations;
    }

    /** Expressions of generated columns, by column. */
    Map<String, String> generated() {
        return generated;
    }

    /** What is unusual about the table. */
    SortedSet<String> options() {
        return options;
    }

    private void column(SqlTokens tokens) {
        String column = name(tokens.next());
        while (!tokens.isAtEnd()
                && !(tokens.peek().kind() == Kind.WORD
                        && AFTER_TYPE.contains(tokens.peek().normal()))) {
            tokens.next();
        }
        constraints(tokens, column);
    }

    /** Reads constraints, one after another, of a column or (if {@code column} is null) of the table. */
    private void constraints(SqlTokens tokens, @Nullable String column) {
        @Nullable String name = null;
        while (!tokens.isAtEnd()) {
            if (tokens.accept("constraint")) {
                name = name(tokens.next());
                continue;
            }
            constraint(tokens, column, name);
            name = null;
        }
    }

    private void constraint(SqlTokens tokens, @Nullable String column, @Nullable String name) {
        if (tokens.accept("check")) {
            put(checks, name, "check", NormalForm.of(tokens.group()));
        } else if (tokens.accept("primary", "key")) {
            put(keys, name, "primary key", "PRIMARY KEY " + keyColumns(tokens, column));
        } else if (tokens.accept("unique")) {
            put(keys, name, "unique key", "UNIQUE " + keyColumns(tokens, column));
        } else if (tokens.accept("foreign", "key")) {
            reference(name, columns(tokens), tokens);
        } else if (column != null && tokens.peek().isWord("references")) {
            reference(name, List.of(column), tokens);
        } else if (column != null) {
            ofColumn(tokens, column);
        } else if (!conflict(tokens, "the table")) {
            tokens.next();
        }
    }

    private void ofColumn(SqlTokens tokens, String column) {
        if (tokens.accept("collate")) {
            collations.put(column, name(tokens.next()));
        } else if (tokens.accept("generated", "always", "as") || tokens.accept("as")) {
            generated.put(column, NormalForm.of(tokens.group()));
        } else if (tokens.accept("default")) {
            // The value is read from the catalog; only its end matters here.
            if (tokens.peek().isSymbol("(")) {
                tokens.group();
            } else if (!tokens.acceptSymbol("-")) {
                tokens.next();
            }
        } else if (tokens.accept("autoincrement")) {
            options.add("AUTOINCREMENT");
        } else if (!conflict(tokens, column)) {
            tokens.next();
        }
    }

    private boolean conflict(SqlTokens tokens, String where) {
        if (!tokens.accept("on", "conflict")) {
            return false;
        }
        options.add("ON CONFLICT " + tokens.next().text().toUpperCase(Locale.ROOT) + " of " + where);
        return true;
    }

    private void reference(@Nullable String name, List<String> columns, SqlTokens tokens) {
        tokens.accept("references");
        tokens.next();
        if (tokens.peek().isSymbol("(")) {
            tokens.group();
        }
        String option = "";
        while (!tokens.isAtEnd() && !isNextConstraint(tokens)) {
            if (tokens.accept("on", "delete", "set") || tokens.accept("on", "update", "set")) {
                tokens.next();
            } else if (tokens.accept("initially", "deferred")) {
                option = " INITIALLY DEFERRED";
            } else if (tokens.accept("not", "deferrable", "initially", "deferred")) {
                option = "";
            } else {
                tokens.next();
            }
        }
        String known = name == null ? "(unnamed foreign key " + (references.size() + 1) + ")" : name;
        references.add(new NamedReference(known, columns, option));
    }

    private static boolean isNextConstraint(SqlTokens tokens) {
        Token next = tokens.peek();
        boolean isNotNull = next.isWord("not") && !tokens.peek(1).isWord("deferrable");
        boolean begins = next.kind() == Kind.WORD
                && !next.isWord("not")
                && (AFTER_TYPE.contains(next.normal()) || next.isWord("foreign"));
        return isNotNull || begins;
    }

    private static String keyColumns(SqlTokens tokens, @Nullable String column) {
        if (tokens.peek().isSymbol("(")) {
            return CatalogIndex.list(columns(tokens));
        }
        return "(" + column + ")";
    }

    private static List<String> columns(SqlTokens tokens) {
        return tokens.group().split().stream()
                .map(part -> part.rest().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static void put(SortedMap<String, String> named, @Nullable String name, String kind, String text) {
        String wanted = name == null ? "(unnamed " + kind + ")" : name;
        String free = wanted;
        for (int number = 2; named.containsKey(free); number++) {
            free = wanted + " " + number;
        }
        named.put(free, text);
    }

    private static String name(Token token) {
        return token.text().toLowerCase(Locale.ROOT);
    }
}
