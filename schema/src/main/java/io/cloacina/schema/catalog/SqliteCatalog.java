package io.cloacina.schema.catalog;

import io.cloacina.schema.catalog.SqlTokens.Brackets;
import io.cloacina.schema.catalog.SqliteTableText.NamedReference;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads tables of SQLite: from its pragmas, and the rest from the text of {@code CREATE TABLE}. */
final class SqliteCatalog {
    private static final String TABLES = """
            SELECT m.name, m.type, m.sql, l.wr, l.strict
            FROM main.sqlite_master m LEFT JOIN pragma_table_list l ON l.name = m.name AND l.schema = 'main'
            WHERE m.type IN ('table', 'view')
            """;
    private static final String COLUMNS = """
            SELECT m.name AS owner, x.name, x.type, x."notnull", x.dflt_value, x.pk
            FROM main.sqlite_master m JOIN pragma_table_xinfo(m.name, 'main') x
            WHERE m.type = 'table'
            """;
    /** The key that was declared last has the smallest id. */
    private static final String FOREIGN_KEYS = """
            SELECT m.name AS owner, f.id, f."table", f."from", f."to", f.on_update, f.on_delete
            FROM main.sqlite_master m JOIN pragma_foreign_key_list(m.name, 'main') f
            WHERE m.type = 'table' ORDER BY m.name, f.id DESC, f.seq
            """;
    /** Origin c: created by CREATE INDEX, not by a key. */
    private static final String INDEXES = """
            SELECT m.name AS owner, l.name, l."unique", x.name AS column_name, x."desc", x.coll, i.sql
            FROM main.sqlite_master m JOIN pragma_index_list(m.name, 'main') l
                JOIN pragma_index_xinfo(l.name, 'main') x ON x."key" = 1
                JOIN main.sqlite_master i ON i.type = 'index' AND i.name = l.name
            WHERE m.type = 'table' AND l.origin = 'c' ORDER BY m.name, l.name, x.seqno
            """;

    private static final String TRIGGERS =
            "SELECT tbl_name AS owner, name FROM main.sqlite_master WHERE type = 'trigger'";

    private final Connection connection;
    private final Set<String> names;
    private final Catalog catalog = Catalog.reading();
    private final Map<String, SqliteTableText> texts = new HashMap<>();
    private final Map<String, Map<Integer, String>> primaryKeys = new HashMap<>();

    private SqliteCatalog(Connection connection, Set<String> names) {
        this.connection = connection;
        this.names = names;
    }

    /** Reads those of the named tables that exist. */
    static Catalog read(Connection connection, Set<String> names) throws SQLException {
        SqliteCatalog reader = new SqliteCatalog(connection, names);
        reader.tables();
        reader.columns();
        reader.foreignKeys();
        reader.indexes();
        reader.triggers();
        return reader.catalog;
    }

    private void tables() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                String name = lower(row.getString("name"));
                if (!names.contains(name)) {
                    continue;
                }
                CatalogTable table = catalog.add(name);
                if (row.getString("type").equals("view")) {
                    table.options().add("VIEW");
                    continue;
                }
                SqliteTableText text = new SqliteTableText(row.getString("sql"));
                texts.put(name, text);
                table.checks().putAll(text.checks());
                table.keys().putAll(text.keys());
                table.options().addAll(text.options());
                if (row.getBoolean("strict")) {
                    table.options().add("STRICT");
                }
                if (row.getBoolean("wr")) {
                    table.options().add("WITHOUT ROWID");
                }
            }
        }
    }

    private void columns() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COLUMNS)) {
            while (row.next()) {
                String owner = lower(row.getString("owner"));
                SqliteTableText text = texts.get(owner);
                if (text == null) {
                    continue;
                }
                String name = lower(row.getString("name"));
                Optional<String> value = Optional.ofNullable(text.generated().get(name))
                        .map(expression -> "GENERATED ALWAYS AS (" + expression + ")");
                String written = row.getString("dflt_value");
                if (value.isEmpty() && written != null) {
                    value = Optional.of("DEFAULT " + NormalForm.of(SqlTokens.of(written, Brackets.NAME)));
                }
                Optional<String> collation =
                        Optional.ofNullable(text.collations().get(name)).filter(declared -> !declared.equals("binary"));
                CatalogColumn column =
                        new CatalogColumn(row.getString("type"), !row.getBoolean("notnull"), value, collation);
                table(owner).columns().put(name, column);
                if (row.getInt("pk") > 0) {
                    primaryKeys.computeIfAbsent(owner, o -> new TreeMap<>()).put(row.getInt("pk"), name);
                }
            }
        }
    }

    /** One foreign key whose columns are still being read. */
    private record Reference(
            int id, String parent, List<String> from, List<String> to, String onUpdate, String onDelete) {}

    private void foreignKeys() throws SQLException {
        Map<String, Deque<Reference>> read = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FOREIGN_KEYS)) {
            while (row.next()) {
                Deque<Reference> ofTable = read.computeIfAbsent(lower(row.getString("owner")), o -> new ArrayDeque<>());
                int id = row.getInt("id");
                if (ofTable.isEmpty() || ofTable.getLast().id != id) {
                    ofTable.add(new Reference(
                            id,
                            lower(row.getString("table")),
                            new ArrayList<>(),
                            new ArrayList<>(),
                            row.getString("on_update"),
                            row.getString("on_delete")));
                }
                ofTable.getLast().from.add(lower(row.getString("from")));
                // Without columns, the key refers to the primary key of the parent.
                if (row.getString("to") != null) {
                    ofTable.getLast().to.add(lower(row.getString("to")));
                }
            }
        }
        read.forEach((owner, references) -> {
            SqliteTableText text = texts.get(owner);
            if (text != null) {
                text.references().forEach(named -> addForeignKey(owner, named, references.poll()));
            }
        });
    }

    private void addForeignKey(String owner, NamedReference named, Reference read) {
        List<String> to = read.to.isEmpty()
                ? List.copyOf(primaryKeys.getOrDefault(read.parent, Map.of()).values())
                : List.copyOf(read.to);
        String onUpdate = read.onUpdate.equals("NO ACTION") ? "" : " ON UPDATE " + read.onUpdate;
        table(owner)
                .foreignKeys()
                .put(
                        named.name(),
                        new CatalogForeignKey(read.from, read.parent, to, read.onDelete, onUpdate + named.options()));
    }

    private void indexes() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(INDEXES)) {
            while (row.next()) {
                String owner = lower(row.getString("owner"));
                if (!texts.containsKey(owner)) {
                    continue;
                }
                SqlTokens text = SqlTokens.of(row.getString("sql"), Brackets.NAME);
                while (!text.isAtEnd() && !text.peek().isSymbol("(")) {
                    text.next();
                }
                List<SqlTokens> written = text.group().split();
                Optional<String> predicate =
                        text.accept("where") ? Optional.of(NormalForm.of(text.remaining())) : Optional.empty();
                boolean unique = row.getBoolean("unique");
                CatalogIndex index = table(owner)
                        .indexes()
                        .computeIfAbsent(
                                lower(row.getString("name")),
                                n -> new CatalogIndex(unique, new ArrayList<>(), predicate, ""));
                index.columns().add(indexed(row, written.get(index.columns().size())));
            }
        }
    }

    /** A column by its name, or an expression, which has no name, by its text. */
    private static String indexed(ResultSet row, SqlTokens written) throws SQLException {
        String column = row.getString("column_name");
        String direction = row.getBoolean("desc") ? " DESC" : "";
        if (column == null) {
            return NormalForm.of(written.withoutLast("asc").withoutLast("desc")) + direction;
        }
        String collation = row.getString("coll");
        return lower(column) + (collation.equalsIgnoreCase("binary") ? "" : " COLLATE " + collation) + direction;
    }

    private void triggers() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TRIGGERS)) {
            while (row.next()) {
                String owner = lower(row.getString("owner"));
                if (names.contains(owner)) {
                    table(owner).triggers().add("trigger " + row.getString("name"));
                }
            }
        }
    }

    private CatalogTable table(String name) {
        return catalog.table(name).orElseThrow();
    }

    /** SQLite's names are not case-sensitive. */
    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
