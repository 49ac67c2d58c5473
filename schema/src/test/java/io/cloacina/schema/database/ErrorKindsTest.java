package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.ADD;
import static io.cloacina.schema.database.SampleSchema.COUNT_CHILDREN;
import static io.cloacina.schema.database.SampleSchema.DELETE_PARENT;
import static io.cloacina.schema.database.SampleSchema.INSERT_CHILD;
import static io.cloacina.schema.database.SampleSchema.INSERT_COUNTER;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.MOVE_CHILD;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloacina.api.ExecutionOrigin;
import io.cloacina.schema.database.SampleSchema.Child;
import io.cloacina.schema.database.SampleSchema.Children;
import io.cloacina.schema.database.SampleSchema.Counter;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One error is the same error on both databases, however it came about. */
class ErrorKindsTest {
    private static final Statements OWN = new Statements("error-kinds");

    private static final ChangeReturning<Child, Integer> MOVE_RETURNING = OWN.updateReturning("move", u -> {
        var c = u.table(Children::new);
        u.set(c.position, u.arg(Child::position));
        u.where(c.id.eq(u.arg(Child::id)));
        return row -> row.get(c.position);
    });

    private static final Statements OF_RUNNERS = new Statements("error-kinds-of-runners");

    private static final Command<UniversalUuid> DELETE_RUNNER = OF_RUNNERS.delete("delete-runner", d -> {
        var r = d.from(Runners::new);
        d.where(r.id.eq(d.arg()));
    });

    private static final Parent PARENT = Parent.of("a");
    private static final Parent OTHER = Parent.of("b");
    private static final Child FIRST = Child.of(PARENT.id(), 1);
    private static final Child SECOND = Child.of(PARENT.id(), 2);
    private static final UniversalUuid NOWHERE = UniversalUuid.v7();

    @DatabaseTest
    void an_equal_key_is_a_unique_error(TestDatabase test) {
        Database database = filled(test);

        Expected primary = new Expected(ErrorKind.UNIQUE, "sample_parents", "sample_parents_pkey");
        fails(database, primary, t -> t.run(INSERT_PARENT, new Parent(PARENT.id(), "new")));
        fails(
                database,
                primary,
                t -> t.batch(INSERT_PARENT, List.of(Parent.of("x"), new Parent(PARENT.id(), "new"), Parent.of("y"))));
        fails(
                database,
                primary,
                t -> sql(t, "INSERT INTO sample_parents (id, code) SELECT id, 'c' || code FROM sample_parents"));
        Expected single = new Expected(ErrorKind.UNIQUE, "sample_parents", "sample_parents_code_key");
        fails(database, single, t -> t.run(INSERT_PARENT, Parent.of("a")));
        fails(database, single, t -> t.batch(INSERT_PARENT, List.of(Parent.of("x"), Parent.of("x"))));
        fails(database, single, t -> sql(t, "UPDATE sample_parents SET code = 'a'"));
        Expected composite =
                new Expected(ErrorKind.UNIQUE, "sample_children", "sample_children_parent_id_position_key");
        fails(database, composite, t -> t.run(INSERT_CHILD, Child.of(PARENT.id(), 1)));
        fails(database, composite, t -> t.run(MOVE_CHILD, new Child(FIRST.id(), PARENT.id(), null, 2)));
        fails(database, composite, t -> t.find(MOVE_RETURNING, new Child(FIRST.id(), PARENT.id(), null, 2)));
        fails(
                database,
                composite,
                t -> t.batch(INSERT_CHILD, List.of(Child.of(PARENT.id(), 3), Child.of(PARENT.id(), 2))));
    }

    @DatabaseTest
    void a_missing_parent_is_a_foreign_key_error_that_names_the_key(TestDatabase test) {
        Database database = filled(test);
        Child noOther = new Child(UniversalUuid.v7(), PARENT.id(), NOWHERE, 3);

        Expected parent = new Expected(ErrorKind.FOREIGN_KEY, "sample_children", "sample_children_parent_id_fkey");
        fails(database, parent, t -> t.run(INSERT_CHILD, Child.of(NOWHERE, 1)));
        fails(database, parent, t -> t.run(MOVE_CHILD, new Child(FIRST.id(), NOWHERE, null, 1)));
        fails(database, parent, t -> t.batch(INSERT_CHILD, List.of(Child.of(OTHER.id(), 1), Child.of(NOWHERE, 1))));
        Expected other = new Expected(ErrorKind.FOREIGN_KEY, "sample_children", "sample_children_other_id_fkey");
        fails(database, other, t -> t.run(INSERT_CHILD, noOther));
        fails(database, other, t -> t.batch(INSERT_CHILD, List.of(Child.of(OTHER.id(), 1), noOther)));
    }

    @DatabaseTest
    void deleting_a_row_that_is_referred_to_is_a_foreign_key_error_of_the_referring_table(TestDatabase test) {
        Database database = filled(test);

        Expected referred = new Expected(ErrorKind.FOREIGN_KEY, "sample_children", "sample_children_parent_id_fkey");
        fails(database, referred, t -> t.run(DELETE_PARENT, PARENT.id()));
        fails(database, referred, t -> t.batch(DELETE_PARENT, List.of(OTHER.id(), PARENT.id())));
    }

    @DatabaseTest
    void a_runner_that_holds_a_task_is_not_deleted(TestDatabase test) {
        Database database = test.migrated(OF_RUNNERS);
        UniversalUuid runner = UniversalUuid.v7();
        database.write(t -> {
            String id = literal(database, runner);
            String at = literal(database, UniversalTimestamp.MIN);
            sql(
                    t,
                    "INSERT INTO runners VALUES (" + id + ", 'h', 'b', 1, '42', '[]', 0, " + at + ", " + at + ", " + at
                            + ", NULL, NULL, NULL, NULL)");
            sql(
                    t,
                    "INSERT INTO pipeline_executions (id, pipeline_name, pipeline_version, status, recovery_attempts,"
                            + " created_at, updated_at, leaves_remaining, tasks_failed, priority, origin) VALUES (" + id
                            + ", 'p', 'v', 'Running', 0, " + at + ", " + at + ", 1, 0, 0, '"
                            + ExecutionOrigin.SCHEDULE.label() + "')");
            sql(
                    t,
                    "INSERT INTO task_executions (id, pipeline_execution_id, task_name, status, attempt, max_attempts,"
                            + " trigger_rules, task_configuration, recovery_attempts, created_at, updated_at,"
                            + " dependencies_remaining, dependencies_unmet, claimed_by, pipeline_name, pipeline_version,"
                            + " priority, paused, children_remaining)"
                            + " VALUES (" + id + ", " + id + ", 't', 'Running', 1, 1, '{}', '{}', 0, " + at + ", " + at
                            + ", 0, 0, " + id + ", 'p', 'v', 0, " + literal(database, UniversalBool.FALSE) + ", 0)");
            return runner;
        });

        fails(
                database,
                new Expected(ErrorKind.FOREIGN_KEY, "task_executions", "task_executions_claimed_by_fkey"),
                t -> t.run(DELETE_RUNNER, runner));
    }

    @DatabaseTest
    void null_and_a_broken_check_are_told_apart_in_plain_sql(TestDatabase test) {
        Database database = filled(test);

        fails(
                database,
                new Expected(ErrorKind.NOT_NULL, "sample_parents", "code"),
                t -> sql(t, "UPDATE sample_parents SET code = NULL"));
        fails(
                database,
                new Expected(ErrorKind.CHECK, "sample_children", "sample_children_position_check"),
                t -> sql(t, "UPDATE sample_children SET position = -1"));
        fails(
                database,
                new Expected(ErrorKind.CHECK, "sample_parents", "sample_parents_code_check"),
                t -> sql(t, "UPDATE sample_parents SET code = '" + "x".repeat(21) + "' WHERE code = 'a'"));
        fails(
                database,
                new Expected(ErrorKind.CHECK, "sample_children", "sample_children_position_check"),
                t -> t.batch(INSERT_CHILD, List.of(Child.of(OTHER.id(), 1), Child.of(OTHER.id(), -1))));
    }

    @DatabaseTest
    void a_number_beyond_the_range_of_its_column_is_an_invalid_value(TestDatabase test) {
        Database database = filled(test);
        database.write(t -> t.run(INSERT_COUNTER, new Counter(1, Integer.MAX_VALUE, Long.MAX_VALUE)));

        Expected invalid = new Expected(ErrorKind.INVALID_VALUE, null, null);
        fails(database, invalid, t -> t.run(ADD, new Counter(1, 1, 0)));
        fails(database, invalid, t -> t.run(ADD, new Counter(1, 0, 1)));
    }

    @DatabaseTest
    void a_value_that_is_refused_before_it_is_sent_is_an_invalid_value_that_names_the_column(TestDatabase test) {
        Database database = filled(test);

        Expected invalid = new Expected(ErrorKind.INVALID_VALUE, null, null);
        DatabaseException e = fails(database, invalid, t -> t.run(INSERT_PARENT, Parent.of("x".repeat(21))));
        assertThat(e)
                .hasMessage("sample_parents.code: text of 21 characters, at most 20 are allowed"
                        + " (statement samples.insert-parent)");
        fails(database, invalid, t -> t.batch(INSERT_PARENT, List.of(Parent.of("x"), Parent.of("\0"))));
    }

    @DatabaseTest
    @SuppressWarnings("NullAway") // which refuses it where it runs
    void an_argument_that_is_null_is_an_invalid_value_that_names_the_statement(TestDatabase test) {
        Database database = filled(test);

        Expected invalid = new Expected(ErrorKind.INVALID_VALUE, null, null);
        assertThat(fails(database, invalid, t -> t.run(INSERT_PARENT, null)))
                .hasMessage(
                        "sample_parents.id: the argument of the statement is null (statement samples.insert-parent)");
        fails(database, invalid, t -> t.batch(INSERT_PARENT, Arrays.asList(Parent.of("x"), null)));
    }

    @DatabaseTest
    void a_statement_that_does_not_fit_the_database_says_what_is_missing(TestDatabase test) {
        Database database = filled(test);

        Expected unfit = new Expected(ErrorKind.STATEMENT, null, null);
        DatabaseException e = fails(database, unfit, t -> sql(t, "SELECT missing FROM sample_parents"));
        assertThat(e.getMessage()).contains("missing").contains(database.toString());
        assertThat(fails(database, unfit, t -> sql(t, "SELECT 1 FROM missing")).getMessage())
                .contains("Migrator.migrate", "cloacina schema check");
        fails(database, unfit, t -> sql(t, "SELEKT 1"));
    }

    @DatabaseTest
    void messages_say_what_where_and_in_which_statement(TestDatabase test) {
        Database database = filled(test);

        assertThat(fails(
                        database,
                        new Expected(ErrorKind.UNIQUE, "sample_parents", "sample_parents_code_key"),
                        t -> t.run(INSERT_PARENT, Parent.of("a"))))
                .hasMessage("a row with the same key exists: unique key sample_parents_code_key of table"
                        + " sample_parents (statement samples.insert-parent)");
        assertThat(fails(
                        database,
                        new Expected(ErrorKind.FOREIGN_KEY, "sample_children", "sample_children_parent_id_fkey"),
                        t -> t.run(INSERT_CHILD, Child.of(NOWHERE, 1))))
                .hasMessage("foreign key sample_children_parent_id_fkey of table sample_children is violated: a row"
                        + " refers to a row that does not exist (statement samples.insert-child)");
    }

    @DatabaseTest
    void an_error_of_a_batch_does_not_show_the_values_of_its_members(TestDatabase test) {
        Database database = filled(test);

        DatabaseException e = fails(
                database,
                new Expected(ErrorKind.UNIQUE, "sample_parents", "sample_parents_code_key"),
                t -> t.batch(INSERT_PARENT, List.of(Parent.of("confidential"), Parent.of("a"))));

        assertThat(DatabaseUrlTest.trace(e)).doesNotContain("confidential");
    }

    record Expected(
            ErrorKind kind,
            @Nullable String table,
            @Nullable String constraint) {}

    /** Expects the error, and that the connection goes on working without anything of the failed transaction. */
    private static DatabaseException fails(Database database, Expected expected, Consumer<WriteTransaction> work) {
        DatabaseException e = catchThrowableOfType(
                DatabaseException.class,
                () -> database.write(t -> {
                    work.accept(t);
                    return "no error";
                }));
        assertThat(e).as("error of kind %s", expected.kind).isNotNull();
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(expected.kind);
        assertThat(e.table()).isEqualTo(Optional.ofNullable(expected.table));
        assertThat(e.constraint()).isEqualTo(Optional.ofNullable(expected.constraint));
        if (database.schema() == SCHEMA) {
            assertThat(database.list(COUNT_CHILDREN)).containsExactly(2L);
            assertThat(database.<Integer>write(t -> t.run(MOVE_CHILD, FIRST))).isEqualTo(1);
        }
        return e;
    }

    private static Database filled(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, OWN);
        database.write(t -> {
            t.batch(INSERT_PARENT, List.of(PARENT, OTHER));
            return t.batch(INSERT_CHILD, List.of(FIRST, SECOND));
        });
        return database;
    }

    static void sql(WriteTransaction transaction, String sql) {
        try (Statement statement = transaction.connection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw transaction.classify(e, "plain SQL");
        }
    }

    private static String literal(Database database, UniversalUuid id) {
        return DataType.UUID.codec(database.backend()).literal(id);
    }

    private static String literal(Database database, UniversalBool bool) {
        return DataType.BOOL.codec(database.backend()).literal(bool);
    }

    private static String literal(Database database, UniversalTimestamp at) {
        return DataType.TIMESTAMP.codec(database.backend()).literal(at);
    }
}
