package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.migration.CloacinaMigrations;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.StatementException;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a database may run: the statements of the catalogs that it was opened with, over the tables that it was opened with. */
class DefinitionsTest {
    private static final Statements FORGOTTEN = new Statements("forgotten");

    private static final Select<NoArgument, String> CODES = FORGOTTEN.select("codes", q -> {
        var p = q.from(SampleSchema.Parents::new);
        return row -> row.get(p.code);
    });

    private static final Command<UniversalUuid> DELETE = FORGOTTEN.delete("delete", d -> {
        var p = d.from(SampleSchema.Parents::new);
        d.where(p.id.eq(d.arg()));
    });

    private static final Statements OF_CLOACINA = new Statements("of-cloacina");

    private static final Command<UniversalUuid> CONTEXT = OF_CLOACINA.insert("context", i -> {
        var c = i.into(Contexts::new);
        i.set(c.id, i.arg());
        i.set(c.value, "{}");
        i.set(c.createdAt, UniversalTimestamp.MIN);
        i.set(c.updatedAt, UniversalTimestamp.MIN);
    });

    @DatabaseTest
    void a_statement_of_a_catalog_that_was_not_named_is_refused_and_runs_when_it_was(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(t -> t.run(INSERT_PARENT, Parent.of("a")));

        assertThatThrownBy(() -> database.list(CODES))
                .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                .hasMessageContaining("statement forgotten.codes is of a catalog that " + database)
                .hasMessageContaining("name the catalog in Database.open(...)");
        assertThatThrownBy(() -> database.write(t -> t.run(DELETE, UniversalUuid.NIL)))
                .satisfies(TransactionTest.is(ErrorKind.STATEMENT));

        database.compose(FORGOTTEN);
        assertThat(database.list(CODES)).containsExactly("a");
        assertThat(database.<Integer>write(t -> t.run(DELETE, UniversalUuid.NIL)))
                .isZero();
    }

    @DatabaseTest
    void with_no_catalog_named_any_statement_runs(TestDatabase test) {
        Database database = test.open(SCHEMA);

        database.write(t -> t.run(INSERT_PARENT, Parent.of("a")));
        assertThat(database.list(CODES)).containsExactly("a");
    }

    @DatabaseTest
    void a_statement_that_is_made_later_runs_as_well(TestDatabase test) {
        Statements growing = new Statements("growing");
        Database database = test.open(SCHEMA, STATEMENTS, growing);
        Select<NoArgument, Long> later = growing.select("later", q -> {
            q.from(SampleSchema.Others::new);
            var count = q.count();
            return row -> row.get(count);
        });

        assertThat(database.list(later)).containsExactly(0L);
    }

    @DatabaseTest
    void a_table_that_is_not_in_the_schema_is_refused_when_the_database_is_opened(TestDatabase test) {
        assertThatThrownBy(() -> Database.open(test.url(), Schema.of(SampleSchema.Others::new), FORGOTTEN))
                .isInstanceOf(StatementException.class)
                .hasMessageContaining(
                        "statement forgotten.codes names table sample_parents, which is not in the schema")
                .hasMessageContaining("Database.open(..., Schema.of(...), ...)");
        assertThatThrownBy(() -> Database.open(test.url(), FORGOTTEN))
                .isInstanceOf(StatementException.class)
                .hasMessageContaining("which is not in the schema");
    }

    @DatabaseTest
    void the_tables_of_cloacina_are_known_beside_those_of_an_application(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, OF_CLOACINA);
        Migrator.migrate(database, CloacinaMigrations.ALL);
        UniversalUuid id = UniversalUuid.v7();

        database.write(t -> t.run(INSERT_PARENT, Parent.of("a")) + t.run(CONTEXT, id));
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
        assertThat(database.schema()).isSameAs(SCHEMA);
        assertThatThrownBy(() -> database.write(t -> t.run(CONTEXT, id)))
                .isInstanceOfSatisfying(DatabaseException.class, e -> {
                    assertThat(e.table()).contains("contexts");
                    assertThat(e.constraint()).contains("contexts_pkey");
                });
        assertThatThrownBy(() -> database.write(t -> t.batch(INSERT_PARENT, List.of(Parent.of("b"), Parent.of("b")))))
                .isInstanceOfSatisfying(DatabaseException.class, e -> {
                    assertThat(e.table()).contains("sample_parents");
                    assertThat(e.constraint()).contains("sample_parents_code_key");
                });
    }

    static final class OtherRunners extends Table {
        {
            primaryKey("id", DataType.UUID);
        }

        OtherRunners(Source source) {
            super("runners", source);
        }
    }

    @DatabaseTest
    void a_table_with_the_name_of_one_of_cloacinas_is_refused_where_both_are_used(TestDatabase test) {
        try (Database alone = Database.open(test.url(), Schema.of(OtherRunners::new))) {
            assertThatThrownBy(() -> alone.compose(OF_CLOACINA))
                    .isInstanceOf(StatementException.class)
                    .hasMessageContaining("table runners is declared twice")
                    .hasMessageContaining("rename yours");
        }
    }

    /** So that a database of Cloacina is opened without making the definition. */
    @Test
    void every_table_of_the_package_is_in_the_schema() throws IOException {
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/cloacina/schema/tables"))) {
            long tables = sources.filter(DefinitionsTest::isTable).count();
            assertThat(CloacinaSchema.SCHEMA.tables()).hasSize((int) tables);
        }
    }

    private static boolean isTable(Path source) {
        try {
            return Files.readString(source).contains(" extends Table {");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void two_schemas_are_joined_unless_they_share_a_name() {
        Schema both = SCHEMA.and(CloacinaSchema.SCHEMA);

        assertThat(both.tables())
                .hasSize(SCHEMA.tables().size() + CloacinaSchema.SCHEMA.tables().size());
        assertThat(both.table("runners")).isPresent();
        assertThatThrownBy(() -> both.and(SCHEMA)).hasMessageContaining("is declared twice");
    }
}
