package io.cloacina.schema.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cloacina.schema.catalog.SqliteTableText.NamedReference;
import io.cloacina.schema.database.Database;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SqliteTableTextTest {
    @Test
    void constraints_of_columns_and_of_the_table_are_found_by_name() {
        SqliteTableText text = new SqliteTableText("""
                CREATE TABLE "t" ( -- CHECK (in a comment)
                    id BLOB CONSTRAINT t_pkey PRIMARY KEY /* , CONSTRAINT no CHECK (1) */,
                    "check" TEXT NOT NULL CONSTRAINT t_len CHECK (length("check") <= 10) COLLATE NOCASE,
                    price DECIMAL(10, 2) DEFAULT (1 + (2)) CHECK (price > 0),
                    parent BLOB DEFAULT NULL CONSTRAINT t_parent_fkey REFERENCES p (id) ON DELETE SET NULL NOT NULL,
                    CONSTRAINT t_text CHECK (note <> 'a ) , CHECK (b')
                    CONSTRAINT t_pair UNIQUE (id, Price DESC),
                    FOREIGN KEY (a, b) REFERENCES q DEFERRABLE INITIALLY DEFERRED,
                    later TEXT CONSTRAINT t_later CHECK (later IN ('x', 'y'))
                ) STRICT""");

        assertThat(text.checks())
                .containsExactly(
                        entry("(unnamed check)", "price > 0"),
                        entry("t_later", "later IN ('x', 'y')"),
                        entry("t_len", "length(check) <= 10"),
                        entry("t_text", "note <> 'a ) , CHECK (b'"));
        assertThat(text.keys())
                .containsExactly(entry("t_pair", "UNIQUE (id, price desc)"), entry("t_pkey", "PRIMARY KEY (id)"));
        assertThat(text.references())
                .containsExactly(
                        new NamedReference("t_parent_fkey", List.of("parent"), ""),
                        new NamedReference("(unnamed foreign key 2)", List.of("a", "b"), " INITIALLY DEFERRED"));
        assertThat(text.collations()).containsExactly(entry("check", "nocase"));
        assertThat(text.options()).isEmpty();
    }

    @Test
    void what_changes_the_meaning_of_a_table_is_found() {
        SqliteTableText text = new SqliteTableText(
                "CREATE TABLE main.t(id INTEGER PRIMARY KEY ON CONFLICT ABORT AUTOINCREMENT, a NOT NULL ON CONFLICT REPLACE,"
                        + " b AS (a + 1) STORED, c GENERATED ALWAYS AS (a*2), UNIQUE (a) ON CONFLICT IGNORE)");

        assertThat(text.options())
                .containsExactly(
                        "AUTOINCREMENT",
                        "ON CONFLICT ABORT of id",
                        "ON CONFLICT IGNORE of the table",
                        "ON CONFLICT REPLACE of a");
        assertThat(text.generated()).containsOnly(entry("b", "a + 1"), entry("c", "a * 2"));
    }

    @Test
    void what_sqlite_makes_of_the_text_when_it_alters_a_table_is_understood() {
        try (Database memory = Database.open("sqlite::memory:")) {
            Catalog catalog = memory.write(transaction -> {
                try (Statement statement = transaction.connection().createStatement()) {
                    statement.execute("CREATE TABLE p (id INTEGER PRIMARY KEY, k TEXT UNIQUE) STRICT");
                    statement.execute("CREATE TABLE built (id INTEGER NOT NULL, a INTEGER, first INTEGER,"
                            + " CONSTRAINT t_pkey PRIMARY KEY (id), CONSTRAINT t_first_fkey FOREIGN KEY (first)"
                            + " REFERENCES p, CONSTRAINT t_a CHECK (a > 0)) STRICT");
                    statement.execute("ALTER TABLE built RENAME TO t");
                    statement.execute("ALTER TABLE t ADD COLUMN second INTEGER CONSTRAINT t_second CHECK (second <> a)"
                            + " CONSTRAINT t_second_fkey REFERENCES p (id) ON DELETE CASCADE");
                    statement.execute("ALTER TABLE t RENAME COLUMN a TO b");
                    statement.execute("CREATE INDEX t_idx ON t (b DESC, abs(second)) WHERE (second IS NOT NULL)");
                    return SqliteCatalog.read(transaction.connection(), Set.of("t", "p"));
                } catch (SQLException e) {
                    throw transaction.classify(e, "making tables");
                }
            });

            CatalogTable table = catalog.table("t").orElseThrow();
            assertThat(table.options()).containsExactly("STRICT");
            assertThat(table.keys()).containsExactly(entry("t_pkey", "PRIMARY KEY (id)"));
            assertThat(table.checks()).containsExactly(entry("t_a", "b > 0"), entry("t_second", "second <> b"));
            assertThat(table.foreignKeys().values())
                    .extracting(CatalogForeignKey::toString)
                    .containsExactly(
                            "(first) REFERENCES p (id) ON DELETE NO ACTION",
                            "(second) REFERENCES p (id) ON DELETE CASCADE");
            assertThat(table.indexes()).hasToString("{t_idx=(b DESC, abs(second)) WHERE second IS NOT NULL}");
            assertThat(catalog.table("p").orElseThrow().keys())
                    .containsExactly(
                            entry("(unnamed primary key)", "PRIMARY KEY (id)"),
                            entry("(unnamed unique key)", "UNIQUE (k)"));
        }
    }
}
