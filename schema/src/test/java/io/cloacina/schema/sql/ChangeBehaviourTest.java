package io.cloacina.schema.sql;

import static io.cloacina.schema.testsupport.SampleRows.NOON;
import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.TaskStatus;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.SampleRows.Context;
import io.cloacina.schema.testsupport.SampleRows.Ids;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What inserts, updates and deletes change, on both databases. */
class ChangeBehaviourTest {
    /** A table with a unique key among the open rows only. */
    static final class Jobs extends Table {
        final Column<Integer> id = primaryKey("id", INTEGER);
        final Column<String> code = column("code", TEXT);
        final Column<Integer> open = column("open", INTEGER);
        final Column<String> note = column("note", TEXT);

        Jobs(Source source) {
            super("jobs", source);
            unique(code).where(open.eq(1));
        }
    }

    private record Job(int id, String code, int open, String note) {}

    private static final Schema JOBS = Schema.of(Jobs::new);

    private final Statements statements = new Statements("test");

    private final Select<NoArgument, String> values = statements.select("values", q -> {
        var c = q.from(Contexts::new);
        q.orderBy(c.value.asc());
        return row -> row.get(c.value);
    });

    private final Command<Context> insertOrLeave = statements.insert("insert-or-leave", i -> {
        var c = context(i);
        i.onConflict(c.id).doNothing();
    });

    private final Command<Context> insertOrOverwrite = statements.insert("insert-or-overwrite", i -> {
        var c = context(i);
        i.onConflict(c.id).overwrite(c.value, c.updatedAt);
    });

    private static Contexts context(InsertBuilder<Context> i) {
        var c = i.into(Contexts::new);
        i.set(c.id, i.arg(Context::id));
        i.set(c.value, i.arg(Context::value));
        i.set(c.createdAt, NOON);
        i.set(c.updatedAt, NOON);
        return c;
    }

    @DatabaseTest
    void a_batch_counts_one_row_for_each_of_ten_thousand_members(TestDatabase test) {
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        List<Context> rows = IntStream.range(0, 10_000)
                .mapToObj(i -> new Context(UniversalUuid.v7(), "%05d".formatted(i)))
                .toList();

        int[] counts = database.write(transaction -> transaction.batch(SampleRows.CONTEXT, rows));

        assertThat(counts).hasSize(10_000).containsOnly(1);
        assertThat(database.list(values)).hasSize(10_000).startsWith("00000").endsWith("09999");
    }

    @DatabaseTest
    void an_empty_batch_does_nothing(TestDatabase test) {
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        assertThat(database.<int[]>write(transaction -> transaction.batch(SampleRows.CONTEXT, List.of())))
                .isEmpty();
    }

    @DatabaseTest
    void a_conflict_leaves_or_overwrites_the_row_and_is_counted_exactly(TestDatabase test) {
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        UniversalUuid a = UniversalUuid.v7();
        UniversalUuid b = UniversalUuid.v7();
        database.write(transaction -> {
            assertThat(transaction.run(insertOrLeave, new Context(a, "a1"))).isEqualTo(1);
            assertThat(transaction.run(insertOrLeave, new Context(a, "a2"))).isZero();
            assertThat(transaction.batch(
                            insertOrLeave, List.of(new Context(b, "b1"), new Context(a, "a3"), new Context(b, "b2"))))
                    .containsExactly(1, 0, 0);
            assertThat(transaction.list(values, NoArgument.NONE)).containsExactly("a1", "b1");
            assertThat(transaction.run(insertOrOverwrite, new Context(a, "a4"))).isEqualTo(1);
            return transaction.batch(
                    insertOrOverwrite,
                    List.of(new Context(b, "b3"), new Context(b, "b4"), new Context(UniversalUuid.v7(), "c1")));
        });
        assertThat(database.list(values)).containsExactly("a4", "b4", "c1");
    }

    @DatabaseTest
    void a_conflict_with_a_partial_unique_key_is_found_by_its_condition(TestDatabase test) throws SQLException {
        Command<Job> insert = statements.insert("job", i -> {
            var j = i.into(Jobs::new);
            i.set(j.id, i.arg(Job::id));
            i.set(j.code, i.arg(Job::code));
            i.set(j.open, i.arg(Job::open));
            i.set(j.note, i.arg(Job::note));
            i.onConflict(j.code).overwrite(j.note);
        });
        Select<NoArgument, String> jobs = statements.select("jobs", q -> {
            var j = q.from(Jobs::new);
            q.orderBy(j.id.asc());
            return row -> row.get(j.id) + row.get(j.note);
        });
        try (var connection = test.jdbc();
                var ddl = connection.createStatement()) {
            for (String sql : new Ddl(Dialect.of(test.backend())).create(JOBS)) {
                ddl.execute(sql);
            }
        }
        try (Database database = Database.open(test.url(), JOBS)) {
            database.write(transaction -> transaction.batch(
                    insert,
                    List.of(
                            new Job(1, "x", 1, "first"),
                            new Job(2, "x", 0, "closed"),
                            new Job(3, "x", 0, "closed too"),
                            new Job(4, "x", 1, "overwritten"))));
            assertThat(database.list(jobs)).containsExactly("1overwritten", "2closed", "3closed too");
        }
    }

    private record Move(
            UniversalUuid id,
            TaskStatus from,
            TaskStatus to,
            @Nullable UniversalTimestamp startedAt) {}

    @DatabaseTest
    void an_update_is_a_compare_and_set_whose_count_tells_whether_it_held(TestDatabase test) {
        Command<Move> move = statements.update("move", u -> {
            var t = u.table(TaskExecutions::new);
            u.set(t.status, u.arg(Move::to));
            u.set(t.startedAt, u.argOrNull(Move::startedAt));
            u.set(t.completedAt, t.createdAt);
            u.setNull(t.claimedBy);
            u.where(t.id.eq(u.arg(Move::id)), t.status.eq(u.arg(Move::from)));
        });
        Select<UniversalUuid, String> state = statements.select("state", q -> {
            var t = q.from(TaskExecutions::new);
            q.where(t.id.eq(q.arg()));
            return row -> row.get(t.status) + " " + row.orNull(t.startedAt) + " " + row.orNull(t.completedAt) + " "
                    + row.orNull(t.claimedBy);
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        Ids ids = database.write(SampleRows::everywhere);

        Move wrong = new Move(ids.load(), TaskStatus.READY, TaskStatus.FAILED, null);
        Move right = new Move(ids.load(), TaskStatus.RUNNING, TaskStatus.READY, null);
        database.write(transaction -> {
            assertThat(transaction.run(move, wrong)).isZero();
            assertThat(transaction.batch(move, List.of(right, right))).containsExactly(1, 0);
            return true;
        });
        assertThat(database.find(state, ids.load())).contains("READY null " + NOON + " null");
    }

    @DatabaseTest
    void increments_add_constants_and_parameters_also_negative_ones(TestDatabase test) {
        Command<Integer> add = statements.update("add", u -> {
            var t = u.table(TaskExecutions::new);
            u.increment(t.attempt, u.arg());
            u.increment(t.maxAttempts, -1);
            u.increment(t.priority, 7);
            u.everyRow();
        });
        Select<NoArgument, String> numbers = statements.select("numbers", q -> {
            var t = q.from(TaskExecutions::new);
            q.where(t.taskName.eq("load"));
            return row -> row.get(t.attempt) + " " + row.get(t.maxAttempts) + " " + row.get(t.priority);
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        database.write(SampleRows::everywhere);

        assertThat(database.<Integer>write(transaction -> transaction.run(add, 5)))
                .isEqualTo(2);
        assertThat(database.<Integer>write(transaction -> transaction.run(add, -2)))
                .isEqualTo(2);
        assertThat(database.list(numbers)).containsExactly("3 1 14");
        assertThatThrownBy(() -> database.write(transaction -> transaction.run(add, -4)))
                .isInstanceOfSatisfying(DatabaseException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.CHECK);
                    assertThat(e.constraint()).contains("task_executions_counters_check");
                });
    }

    @DatabaseTest
    void deleting_an_execution_takes_what_belongs_to_it(TestDatabase test) {
        Command<UniversalUuid> delete = statements.delete("delete", d -> {
            var e = d.from(PipelineExecutions::new);
            d.where(e.id.eq(d.arg()).and(e.priority.ge(0).or(e.pausedAt.isNotNull())));
        });
        Select<NoArgument, Long> tasks = statements.select("tasks", q -> {
            q.from(TaskExecutions::new);
            var count = q.count();
            return row -> row.get(count);
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS, ExampleQueries.STATEMENTS);
        Ids ids = database.write(SampleRows::everywhere);

        assertThat(database.<Integer>write(transaction -> transaction.run(delete, UniversalUuid.NIL)))
                .isZero();
        assertThat(database.<Integer>write(transaction -> transaction.run(delete, ids.execution())))
                .isEqualTo(1);
        assertThat(database.list(tasks)).containsExactly(0L);
        assertThat(database.list(ExampleQueries.OCCURRENCES_OF_SCHEDULE, "nightly"))
                .allSatisfy(occurrence -> assertThat(occurrence.execution()).isNull());
    }

    @DatabaseTest
    void changes_return_what_they_changed(TestDatabase test) {
        ChangeReturning<Context, String> insert = statements.insertReturning("insert", i -> {
            var c = context(i);
            i.onConflict(c.id).doNothing();
            return row -> row.get(c.id) + row.get(c.value);
        });
        ChangeReturning<String, String> update = statements.updateReturning("update", u -> {
            var c = u.table(Contexts::new);
            u.set(c.value, u.arg());
            u.everyRow();
            return row -> row.get(c.value) + row.get(c.createdAt);
        });
        ChangeReturning<UniversalUuid, Boolean> delete = statements.deleteReturning("delete", d -> {
            d.where(d.from(Contexts::new).id.eq(d.arg()));
            return row -> true;
        });
        Database database = test.migrated(statements);
        Context a = new Context(UniversalUuid.v7(), "a");
        Context b = new Context(UniversalUuid.v7(), "b");

        database.write(transaction -> {
            assertThat(transaction.find(insert, a)).contains(a.id() + "a");
            assertThat(transaction.find(insert, b)).contains(b.id() + "b");
            assertThat(transaction.find(insert, a)).isEmpty();
            assertThat(transaction.list(update, "c")).containsExactly("c" + NOON, "c" + NOON);
            assertThat(transaction.list(delete, a.id())).containsExactly(true);
            assertThat(transaction.list(delete, a.id())).isEmpty();
            return true;
        });
        assertThat(database.list(values)).containsExactly("c");
        List<Context> same = new ArrayList<>(Collections.nCopies(2, b));
        assertThat(database.<int[]>write(transaction -> transaction.batch(insertOrLeave, same)))
                .containsExactly(0, 0);
    }
}
