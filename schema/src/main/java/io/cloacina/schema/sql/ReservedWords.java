package io.cloacina.schema.sql;

import io.cloacina.schema.type.InvalidSchemaException;
import java.util.Set;

/**
 * The words that cannot name a table or a column, because they mean something else in an SQL text of one of the
 * backends. Names are not quoted, so these are refused where they are declared. A test tries every keyword on both.
 */
final class ReservedWords {
    /** Including the columns that every table has, and the name of the new row in an insert. */
    static final Set<String> OF_POSTGRES = words("""
            all analyse analyze and any array as asc asymmetric authorization binary both case cast check cmax cmin
            collate collation column concurrently constraint create cross ctid current_catalog current_date current_role
            current_schema current_time current_timestamp current_user default deferrable desc distinct do else end
            except excluded false fetch for foreign freeze from full grant group having ilike in initially inner
            intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull
            null offset on only or order outer overlaps placing primary references returning right select session_user
            similar some symmetric system_user table tableoid tablesample then to trailing true union unique user using
            variadic verbose when where window with xmax xmin""");

    static final Set<String> OF_SQLITE = words("""
            add all alter and as autoincrement between case cast check collate commit constraint create current_date
            current_time current_timestamp default deferrable delete distinct drop else escape except exists foreign
            from group having if in index insert intersect into is isnull join limit not nothing notnull null on or
            order primary raise references returning select set table then to transaction union unique update using
            values when where""");

    private ReservedWords() {}

    /**
     * Requires a name of a table that both backends accept. Those of their own tables begin with a prefix: SQLite
     * refuses it, and PostgreSQL would find its own table first.
     */
    static void requireTable(String name) {
        for (String prefix : new String[] {"pg_", "sqlite_"}) {
            if (name.startsWith(prefix)) {
                throw new InvalidSchemaException("a table cannot be named " + name + ": names that begin with " + prefix
                        + " belong to the database itself");
            }
        }
        if (isReserved(name)) {
            throw new InvalidSchemaException("a table cannot be named " + name + ": " + owners(name)
                    + "; add something to the name, such as " + name + "_rows");
        }
    }

    static void requireColumn(String table, String name) {
        if (isReserved(name)) {
            throw new InvalidSchemaException("a column of table " + table + " cannot be named " + name + ": "
                    + owners(name) + "; add something to the name, such as " + table + "_" + name
                    + " (the field of the class may keep its name)");
        }
    }

    private static boolean isReserved(String name) {
        return OF_POSTGRES.contains(name) || OF_SQLITE.contains(name);
    }

    private static String owners(String name) {
        String owner = !OF_SQLITE.contains(name)
                ? "PostgreSQL"
                : OF_POSTGRES.contains(name) ? "SQLite and of PostgreSQL" : "SQLite";
        return "that is a reserved word of " + owner;
    }

    private static Set<String> words(String text) {
        return Set.of(text.split("\\s+"));
    }
}
