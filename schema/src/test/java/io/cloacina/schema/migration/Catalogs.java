package io.cloacina.schema.migration;

import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a live database says of its tables: enough to see whether two are made alike. */
final class Catalogs {
    private static final String POSTGRES_COLUMNS = """
            SELECT table_name || ' ' || ordinal_position || ' ' || column_name || ' ' || data_type || ' '
                || coalesce(collation_name, '') || ' ' || is_nullable || ' ' || coalesce(column_default, '')
            FROM information_schema.columns WHERE table_schema = current_schema()""";
    private static final String POSTGRES_CONSTRAINTS = """
            SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated
            FROM pg_constraint WHERE connamespace = current_schema()::regnamespace""";
    private static final String POSTGRES_INDEXES =
            "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()";

    private static final String SQLITE_COLUMNS = """
            SELECT m.name || ' ' || c.cid || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk || ' '
                || coalesce(c.dflt_value, '') || ' ' || l.strict
            FROM sqlite_master m, pragma_table_info(m.name) c, pragma_table_list(m.name) l WHERE m.type = 'table'""";
    private static final String SQLITE_FOREIGN_KEYS = """
            SELECT m.name || ' ' || f."from" || ' ' || f."table" || ' ' || f."to" || ' ' || f.on_delete
            FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'""";
    private static final String SQLITE_INDEXES =
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
    private static final Pattern CHECK = Pattern.compile("CONSTRAINT (\\w+) CHECK \\(");

    private Catalogs() {}

    /** One line for each column, constraint and index, sorted. */
    static Set<String> of(TestDatabase test) throws SQLException {
        Set<String> lines = new TreeSet<>();
        try (Connection connection = test.jdbc()) {
            if (test.backend() == Backend.POSTGRES) {
                lines.addAll(query(connection, POSTGRES_COLUMNS));
                lines.addAll(query(connection, POSTGRES_CONSTRAINTS));
                lines.addAll(query(connection, POSTGRES_INDEXES));
            } else {
                lines.addAll(query(connection, SQLITE_COLUMNS));
                lines.addAll(query(connection, SQLITE_FOREIGN_KEYS));
                lines.addAll(query(connection, SQLITE_INDEXES));
                for (String table : query(connection, "SELECT sql FROM sqlite_master WHERE type = 'table'")) {
                    String name = table.substring("CREATE TABLE ".length(), table.indexOf('('))
                            .replace("\"", "");
                    Matcher check = CHECK.matcher(table);
                    while (check.find()) {
                        lines.add(name + check.group(1) + " CHECK " + inParentheses(table, check.end()));
                    }
                }
            }
        }
        return lines;
    }

    static List<String> query(Connection connection, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    /** From behind an opening parenthesis to the one that closes it. */
    private static String inParentheses(String text, int start) {
        int depth = 1;
        int end = start;
        while (depth > 0) {
            char character = text.charAt(end);
            depth += character == '(' ? 1 : character == ')' ? -1 : 0;
            end++;
        }
        return text.substring(start, end - 1);
    }
}
