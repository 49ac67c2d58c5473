package io.cloacina.schema.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.SampleRows.Context;
import io.cloacina.schema.testsupport.StatementConformance;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A change whose text is written by hand for each backend. */
class NativeCommandTest {
    private static final Statements STATEMENTS = new Statements("native-command-test");

    private static final Command<Context> APPEND = STATEMENTS.nativeCommand(
            "append",
            "UPDATE contexts SET value = value || ? || '-sqlite' WHERE id = ?",
            "UPDATE contexts SET value = value || ?::text || '-postgresql' WHERE id = ?",
            q -> {
                q.bind(DataType.TEXT, Context::value);
                q.bind(DataType.UUID, Context::id);
            });

    private static final String INSERT_IF_NEW =
            "insert into contexts (id, value, created_at, updated_at) values (?, ?, ?, ?)"
                    + " on conflict (id) do nothing";

    private static final Command<Context> INSERT_NEW =
            STATEMENTS.nativeCommand("insert-new", INSERT_IF_NEW, INSERT_IF_NEW, q -> {
                q.bind(DataType.UUID, Context::id);
                q.bind(DataType.JSON, Context::value);
                q.bind(DataType.TIMESTAMP, context -> SampleRows.NOON);
                q.bind(DataType.TIMESTAMP, context -> SampleRows.NOON);
            });

    private static final Select<UniversalUuid, String> VALUE = STATEMENTS.select("value", q -> {
        var c = q.from(Contexts::new);
        q.where(c.id.eq(q.arg()));
        return row -> row.get(c.value);
    });

    private static final Context FIRST = new Context(UniversalUuid.v7(), "1");
    private static final Context SECOND = new Context(UniversalUuid.v7(), "2");
    private static final Context MISSING = new Context(UniversalUuid.v7(), "3");

    @DatabaseTest
    void it_prepares_with_the_types_that_its_codecs_expect(TestDatabase test) throws SQLException {
        StatementConformance.on(test, test.migrated()).prepares(STATEMENTS);
    }

    @DatabaseTest
    void the_text_of_the_backend_runs_with_its_values_in_order(TestDatabase test) {
        Database database = filled(test);

        int changed = database.write(t -> t.run(APPEND, new Context(FIRST.id(), "-x")));
        int missed = database.write(t -> t.run(APPEND, MISSING));

        assertThat(List.of(changed, missed)).containsExactly(1, 0);
        assertThat(database.find(VALUE, FIRST.id()))
                .contains("1-x-" + test.backend().label());
        assertThat(database.find(VALUE, SECOND.id())).contains("2");
    }

    @DatabaseTest
    void a_batch_counts_what_each_member_changed(TestDatabase test) {
        Database database = filled(test);

        assertThat(database.<int[]>write(t -> t.batch(APPEND, List.of(MISSING, FIRST, MISSING, SECOND))))
                .containsExactly(0, 1, 0, 1);
    }

    @DatabaseTest
    void a_batch_of_inserts_counts_those_that_inserted_nothing_as_none(TestDatabase test) {
        Database database = filled(test);
        Context next = new Context(UniversalUuid.v7(), "4");

        assertThat(database.<int[]>write(t -> t.batch(INSERT_NEW, List.of(FIRST, MISSING, next, SECOND, next))))
                .containsExactly(0, 1, 1, 0, 0);
    }

    @DatabaseTest
    void its_errors_are_classified_and_name_it(TestDatabase test) {
        Database database = filled(test);
        Statements wrong = new Statements("wrong");
        Command<NoArgument> text = wrong.nativeCommand("delete", "DELETE FROM nowhere", "DELETE FROM nowhere", q -> {});
        database.compose(wrong);

        assertThatThrownBy(() -> database.write(t -> t.run(text, NoArgument.NONE)))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.STATEMENT))
                .hasMessageContaining("nowhere")
                .hasMessageContaining("wrong.delete");
        assertThatThrownBy(() -> database.write(t -> t.run(APPEND, new Context(FIRST.id(), "\0"))))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_VALUE))
                .hasMessageContaining("placeholder 1");
    }

    @Test
    void one_that_reads_columns_is_refused() {
        Statements wrong = new Statements("wrong");
        wrong.<NoArgument>nativeCommand("reads", "DELETE FROM contexts", "DELETE FROM contexts", q -> {
            q.column(DataType.UUID);
        });

        assertThatThrownBy(() -> Database.open("sqlite::memory:", wrong))
                .isInstanceOf(StatementException.class)
                .hasMessageContaining("wrong.reads is a command and reads no columns");
    }

    private static Database filled(TestDatabase test) {
        Database database = test.migrated(STATEMENTS, SampleRows.STATEMENTS);
        database.write(t -> t.batch(SampleRows.CONTEXT, List.of(FIRST, SECOND)));
        return database;
    }
}
