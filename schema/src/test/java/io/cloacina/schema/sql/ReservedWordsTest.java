package io.cloacina.schema.sql;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.migration.Backfill;
import io.cloacina.schema.migration.Migration;
import io.cloacina.schema.migration.Step;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.InvalidSchemaException;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Names that one of the backends does not take are refused where they are declared, and no others. */
class ReservedWordsTest {
    /** All keywords of SQLite, from its documentation: SQL cannot list them. Those of PostgreSQL are read from the server. */
    private static final String KEYWORDS_OF_SQLITE = """
            ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY
            CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE
            CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH
            ELSE END ESCAPE EXCEPT EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL
            GENERATED GLOB GROUP GROUPS HAVING IF IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD
            INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL
            NULL NULLS OF OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PLAN PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE
            RECURSIVE REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT ROLLBACK ROW ROWS
            SAVEPOINT SELECT SET TABLE TEMP TEMPORARY THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION UNIQUE UPDATE
            USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT""";

    /** Names that mean something although they are not keywords. */
    private static final List<String> SPECIAL =
            List.of("ctid", "cmax", "cmin", "excluded", "false", "oid", "rowid", "tableoid", "true", "xmax", "xmin");

    /** A table whose names are replaced by a keyword in the SQL texts of a statement. */
    static final class Samples extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final Column<String> word = column("the_column", text(10));
        final Column<Integer> weight = column("weight", INTEGER);
        final Column<Integer> later = column("later", INTEGER).addedIn(2);

        {
            unique(word);
            index("some", word, weight.desc()).where(word.ne("y"));
            check("some", word.ne("x"));
            check("later", later.ge(0)).addedIn(2);
        }

        Samples(Source source) {
            super("the_table", source);
        }
    }

    static final class Children extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final Column<UniversalUuid> sampleId = column("the_reference", UUID);
        final ForeignKey<Samples> sample =
                references(sampleId, Samples::new, parent -> parent.id).onDelete(OnDelete.CASCADE);

        Children(Source source) {
            super("children", source);
        }
    }

    private static final Pattern NAMES = Pattern.compile("\\bthe_(table|column|reference)\\b");

    record Sample(UniversalUuid id, String word) {}

    private static final Statements ALL = new Statements("reserved");

    static {
        ALL.<Sample>insert("put", i -> {
            var s = i.into(Samples::new);
            i.set(s.id, i.arg(Sample::id));
            i.set(s.word, i.arg(Sample::word));
            i.set(s.weight, 1);
            i.set(s.later, 1);
            i.onConflict(s.word).overwrite(s.word, s.later);
        });
        ALL.<String, String>select("read", q -> {
            var c = q.from(Children::new);
            var s = q.join(c.sample);
            q.where(s.word.eq(q.arg()), s.later.gt(0));
            q.orderBy(s.word.asc());
            return row -> row.get(s.word);
        });
        ALL.<Sample>update("change", u -> {
            var s = u.table(Samples::new);
            u.set(s.word, u.arg(Sample::word));
            u.increment(s.later, 1);
            u.where(s.id.eq(u.arg(Sample::id)), s.word.ne("z"), s.later.lt(9));
        });
        ALL.<String>delete("remove", d -> {
            var s = d.from(Samples::new);
            d.where(s.word.eq(d.arg()), s.later.eq(1));
        });
    }

    private static final Migration FIRST =
            Migration.version(1, "one", Step.create(Samples::new), Step.create(Children::new));
    private static final Migration SECOND =
            Migration.version(2, "two", Step.alter(Samples::new, samples -> Backfill.constant(samples.later, 1)));

    private static final class Named extends Table {
        Named(String table, String column, Source source) {
            super(table, source);
            primaryKey("id", UUID);
            column(column, INTEGER);
        }
    }

    private static Function<Source, Named> named(String table, String column) {
        return source -> new Named(table, column, source);
    }

    /** The driver of PostgreSQL runs them as one text, which is quicker; that of SQLite would run only the first. */
    private static List<String> ddl(Dialect dialect) {
        List<String> all = Stream.of(FIRST, SECOND)
                .flatMap(version -> version.statements(dialect).stream())
                .toList();
        return dialect.backend() == Backend.POSTGRES ? List.of(String.join(";\n", all)) : all;
    }

    private static List<String> statements(Dialect dialect) {
        List<String> sql = new ArrayList<>();
        for (Statement<?, ?> statement : ALL.all()) {
            Composed<?, ?> composed = statement.composed(dialect);
            sql.add(composed.sql());
            ComposedSet<?> set = composed.set();
            if (set != null) {
                sql.add(set.sql());
            }
        }
        return sql;
    }

    /** Whether the backend takes all texts in which a table and columns have that name. */
    private static boolean isTaken(Connection connection, Dialect dialect, String word) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            try {
                for (String sql : ddl(dialect)) {
                    statement.execute(NAMES.matcher(sql).replaceAll(word));
                }
                for (String sql : statements(dialect)) {
                    try (PreparedStatement prepared =
                            connection.prepareStatement(NAMES.matcher(sql).replaceAll(word))) {
                        prepared.getParameterMetaData().getParameterCount(); // before, PostgreSQL parses nothing
                    }
                }
                return true;
            } catch (SQLException e) {
                return false;
            } finally {
                statement.execute("ROLLBACK");
            }
        }
    }

    private static Set<String> candidates(Connection connection, Backend backend) throws SQLException {
        Set<String> words = new TreeSet<>(SPECIAL);
        words.addAll(List.of(KEYWORDS_OF_SQLITE.toLowerCase(Locale.ROOT).split("\\s+")));
        if (backend == Backend.POSTGRES) {
            try (java.sql.Statement statement = connection.createStatement();
                    ResultSet keywords = statement.executeQuery("SELECT word FROM pg_get_keywords()")) {
                while (keywords.next()) {
                    words.add(keywords.getString(1));
                }
            }
        }
        return words;
    }

    @DatabaseTest
    void the_reserved_words_are_those_that_the_database_does_not_take_as_names(TestDatabase test) throws SQLException {
        Dialect dialect = Dialect.of(test.backend());
        try (Connection connection = test.jdbc()) {
            assertThat(isTaken(connection, dialect, "harmless")).isTrue();
            Set<String> candidates = candidates(connection, test.backend());
            Set<String> failing = new TreeSet<>();
            for (String word : candidates) {
                if (!isTaken(connection, dialect, word)) {
                    failing.add(word);
                }
            }
            Set<String> listed = new TreeSet<>(
                    test.backend() == Backend.SQLITE ? ReservedWords.OF_SQLITE : ReservedWords.OF_POSTGRES);
            listed.retainAll(candidates); // an older server does not know those of a newer one
            assertThat(failing).isEqualTo(listed);
        }
    }

    @Test
    void a_table_or_column_with_a_reserved_name_is_refused_where_it_is_declared() {
        assertThatThrownBy(() -> Schema.of(named("visits", "user")))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessage("a column of table visits cannot be named user: that is a reserved word of PostgreSQL; add"
                        + " something to the name, such as visits_user (the field of the class may keep its name)");
        assertThatThrownBy(() -> Schema.of(named("orders", "index")))
                .hasMessageContaining("that is a reserved word of SQLite; add");
        assertThatThrownBy(() -> Schema.of(named("select", "weight")))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessage("a table cannot be named select: that is a reserved word of SQLite and of PostgreSQL; add"
                        + " something to the name, such as select_rows");
        for (String name : new String[] {"sqlite_things", "pg_class"}) {
            assertThatThrownBy(() -> Schema.of(named(name, "weight")))
                    .hasMessageContaining("belong to the database itself");
        }
    }

    @Test
    void a_keyword_that_both_databases_take_as_a_name_is_a_name() {
        assertThat(Schema.of(named("key", "action"), named("queries", "time")).tables())
                .hasSize(2);
    }
}
