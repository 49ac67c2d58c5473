package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.InvalidSchemaException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pitfalls that what is rendered excludes. */
class PitfallsOfDefinitionTest {
    private static final Pattern NAME = Pattern.compile("(?:CONSTRAINT|TABLE|INDEX) ([a-z0-9_]+)");

    @Test
    void every_table_of_sqlite_is_strict_and_has_columns_of_three_types_only() {
        List<String> tables = tables(Backend.SQLITE);

        assertThat(tables).hasSameSizeAs(CloacinaSchema.SCHEMA.tables()).allMatch(sql -> sql.endsWith("\n) STRICT"));
        for (Table table : CloacinaSchema.SCHEMA.tables()) {
            for (AnyColumn<?> column : table.columns()) {
                assertThat(column.type().codec(Backend.SQLITE).declaration()).isIn("INTEGER", "TEXT", "BLOB");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_definition_has_no_default_no_clock_and_no_limit_of_one_side(Backend backend) {
        assertThat(rendered(backend))
                .noneMatch(sql -> Pattern.compile(
                                "(?i)\\bDEFAULT\\b|CURRENT_|\\bNOW\\b|VARCHAR|CHAR\\(|SERIAL|AUTOINCREMENT|GENERATED|TIMESTAMPTZ"
                                        + "|WITH TIME ZONE|RESTRICT|LIKE|REAL|DOUBLE|NUMERIC|JSONB?\\b")
                        .matcher(sql)
                        .find());
    }

    @Test
    void every_text_of_postgresql_is_ordered_by_code_point() {
        for (Table table : CloacinaSchema.SCHEMA.tables()) {
            for (AnyColumn<?> column : table.columns()) {
                String declaration = column.type().codec(Backend.POSTGRES).declaration();
                assertThat(declaration)
                        .as(column.toString())
                        .satisfiesAnyOf(
                                text -> assertThat(text).isEqualTo("text COLLATE \"C\""),
                                text -> assertThat(text)
                                        .isIn("uuid", "timestamp", "boolean", "bytea", "integer", "bigint"));
            }
        }
    }

    @Test
    void nothing_on_sqlite_is_in_double_quotes_where_an_unknown_name_would_be_a_text() {
        assertThat(rendered(Backend.SQLITE)).noneMatch(sql -> sql.contains("\""));
        assertThat(statements(Backend.SQLITE)).noneMatch(sql -> sql.contains("\""));
    }

    @ParameterizedTest
    @EnumSource
    void statements_name_their_columns(Backend backend) {
        assertThat(statements(backend))
                .noneMatch(sql -> sql.replace("count(*)", "").contains("*"));
    }

    @Test
    void statements_of_sqlite_have_nothing_that_only_postgresql_knows() {
        assertThat(statements(Backend.SQLITE))
                .noneMatch(sql -> Pattern.compile("FOR UPDATE|ANY \\(|::|now\\(\\)")
                        .matcher(sql)
                        .find());
    }

    @ParameterizedTest
    @EnumSource
    void a_question_mark_is_a_parameter_and_no_operator(Backend backend) {
        for (Statement<?, ?> statement : all()) {
            String sql = statement.composed(Dialect.of(backend)).sql();
            assertThat(sql.chars().filter(character -> character == '?').count())
                    .as(sql)
                    .isEqualTo(statement
                            .composed(Dialect.of(backend))
                            .parameterTypes()
                            .size());
        }
    }

    @Test
    void no_name_is_longer_than_postgresql_keeps_and_both_backends_have_the_same_ones() {
        List<String> postgres = names(Backend.POSTGRES);

        assertThat(postgres).doesNotHaveDuplicates().allMatch(name -> name.length() <= 63);
        assertThat(names(Backend.SQLITE).stream().filter(name -> !name.endsWith("_type")))
                .as("SQLite has checks for the types that it lacks, otherwise the same")
                .isEqualTo(postgres);
    }

    @Test
    void a_name_that_postgresql_would_cut_is_refused_by_the_definition() {
        assertThatThrownBy(() -> Schema.of(TooLong::new))
                .isInstanceOf(InvalidSchemaException.class)
                .hasMessageContaining("64 bytes; PostgreSQL cuts names after 63");
    }

    @Test
    void indexes_have_the_same_columns_and_directions_on_both() {
        assertThat(indexes(Backend.SQLITE)).isEqualTo(indexes(Backend.POSTGRES));
    }

    private static final class TooLong extends Table {
        TooLong(Source source) {
            super("too_long", source);
            primaryKey("n".repeat(64), DataType.INTEGER);
        }
    }

    private static List<String> rendered(Backend backend) {
        return CloacinaMigrations.ALL.all().stream()
                .flatMap(migration -> migration.statements(Dialect.of(backend)).stream())
                .toList();
    }

    private static List<String> tables(Backend backend) {
        return new Ddl(Dialect.of(backend))
                .create(CloacinaSchema.SCHEMA).stream()
                        .filter(sql -> sql.startsWith("CREATE TABLE"))
                        .toList();
    }

    private static List<String> indexes(Backend backend) {
        return new Ddl(Dialect.of(backend))
                .create(CloacinaSchema.SCHEMA).stream()
                        .filter(sql -> !sql.startsWith("CREATE TABLE"))
                        .map(sql -> sql.replaceAll(" WHERE .*", ""))
                        .toList();
    }

    private static List<String> names(Backend backend) {
        List<String> names = new ArrayList<>();
        for (String sql : new Ddl(Dialect.of(backend)).create(CloacinaSchema.SCHEMA)) {
            Matcher matcher = NAME.matcher(sql);
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    private static List<Statement<?, ?>> all() {
        return Stream.of(Migrator.STATEMENTS, SampleSchema.STATEMENTS)
                .flatMap(part -> part.all().stream())
                .toList();
    }

    private static List<String> statements(Backend backend) {
        return all().stream()
                .map(statement -> statement.composed(Dialect.of(backend)).sql())
                .toList();
    }
}
