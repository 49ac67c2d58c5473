package io.cloacina.schema.sql;

import static io.cloacina.schema.testsupport.SampleRows.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.sql.ExampleQueries.OccurrenceView;
import io.cloacina.schema.sql.ExampleQueries.RecoveryView;
import io.cloacina.schema.sql.ExampleQueries.TaskView;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.tables.WorkflowRegistry;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SampleRows;
import io.cloacina.schema.testsupport.SampleRows.Context;
import io.cloacina.schema.testsupport.SampleRows.Execution;
import io.cloacina.schema.testsupport.SampleRows.Ids;
import io.cloacina.schema.testsupport.SampleRows.Task;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What selects answer, on both databases. */
class QueryBehaviourTest {
    private final Statements statements = new Statements("test");

    private static UniversalTimestamp at(int second) {
        return NOON.plus(Duration.ofSeconds(second));
    }

    /** An execution with one task for each start, named a, b, c, ... and made at the same instant. */
    private static void tasksStarted(Database database, @Nullable UniversalTimestamp... starts) {
        database.write(transaction -> {
            UniversalUuid execution = UniversalUuid.v7();
            transaction.run(SampleRows.EXECUTION, new Execution(execution, "etl", ExecutionStatus.RUNNING, null, null));
            for (int i = 0; i < starts.length; i++) {
                String name = String.valueOf((char) ('a' + i));
                transaction.run(
                        SampleRows.TASK,
                        new Task(UniversalUuid.v7(), execution, name, TaskStatus.READY, starts[i], at(i), null));
            }
            return execution;
        });
    }

    /** The names, in order, of the tasks for which a condition holds. */
    private List<String> namesWhere(Database database, Function<TaskExecutions, Condition> condition) {
        return database.list(statements.<NoArgument, String>select(
                "names-" + statements.all().size(), q -> {
                    var t = q.from(TaskExecutions::new);
                    q.where(condition.apply(t));
                    q.orderBy(t.taskName.asc());
                    return row -> row.get(t.taskName);
                }));
    }

    @DatabaseTest
    void the_examples_cross_their_tables(TestDatabase test) {
        Database database = test.migrated(ExampleQueries.STATEMENTS, SampleRows.STATEMENTS);
        Ids ids = database.write(SampleRows::everywhere);

        assertThat(database.list(ExampleQueries.TASKS_OF_EXECUTION, ids.execution()))
                .containsExactly(
                        new TaskView("etl", "{\"in\":1}", "extract", TaskStatus.COMPLETED, null, "{\"out\":2}"),
                        new TaskView("etl", "{\"in\":1}", "load", TaskStatus.RUNNING, "here", null));
        assertThat(database.list(ExampleQueries.RECOVERIES_OF_EXECUTION, ids.execution()))
                .containsExactly(
                        new RecoveryView("etl", RecoveryType.TASK_RESET, "extract", "{\"n\":1}"),
                        new RecoveryView("etl", RecoveryType.WORKFLOW_UNAVAILABLE, null, null));
        assertThat(database.list(ExampleQueries.OCCURRENCES_OF_SCHEDULE, "nightly"))
                .containsExactly(new OccurrenceView("nightly", NOON, ids.execution(), ExecutionStatus.RUNNING));
        assertThat(database.list(ExampleQueries.PACKAGES)).singleElement().satisfies(view -> {
            assertThat(view.name()).isEqualTo("etl-package");
            assertThat(view.data()).isEqualTo(UniversalBinary.of(new byte[] {0, 1, (byte) 0xff}));
        });
        assertThat(database.list(ExampleQueries.OUTPUTS_OF_SCHEDULE, "nightly"))
                .containsExactly("nightly/extract: {\"out\":2}");
        assertThat(database.list(ExampleQueries.OUTPUTS_OF_SCHEDULE, "hourly")).isEmpty();
        assertThat(database.list(ExampleQueries.SIBLINGS, ids.load())).containsExactly("load beside extract");
        assertThat(database.list(ExampleQueries.CONTEXTS_WITHOUT_EXECUTION)).containsExactly("{\"out\":2}");
    }

    @DatabaseTest
    void comparisons_and_their_combinations_pick_the_rows_that_they_say(TestDatabase test) {
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        tasksStarted(database, null, at(1), at(2), at(3));

        assertThat(namesWhere(database, t -> t.startedAt.eq(at(2)))).containsExactly("c");
        assertThat(namesWhere(database, t -> t.startedAt.ne(at(2)))).containsExactly("b", "d");
        assertThat(namesWhere(database, t -> t.startedAt.lt(at(2)))).containsExactly("b");
        assertThat(namesWhere(database, t -> t.startedAt.le(at(2)))).containsExactly("b", "c");
        assertThat(namesWhere(database, t -> t.startedAt.gt(at(2)))).containsExactly("d");
        assertThat(namesWhere(database, t -> t.startedAt.ge(at(2)))).containsExactly("c", "d");
        assertThat(namesWhere(database, t -> t.startedAt.in(at(1), at(3)))).containsExactly("b", "d");
        assertThat(namesWhere(database, t -> t.startedAt.isNull())).containsExactly("a");
        assertThat(namesWhere(database, t -> t.startedAt.isNotNull())).containsExactly("b", "c", "d");
        // b, c and d were made 1, 2 and 3 seconds after noon, when they started
        assertThat(namesWhere(database, t -> t.startedAt.eq(t.createdAt))).containsExactly("b", "c", "d");
        assertThat(namesWhere(database, t -> t.startedAt.eq(at(1)).not())).containsExactly("c", "d");
        assertThat(namesWhere(
                        database, t -> t.taskName.eq("a").or(t.taskName.eq("b")).and(t.taskName.ne("a"))))
                .containsExactly("b");
        assertThat(namesWhere(
                        database, t -> t.taskName.eq("a").or(t.taskName.eq("b").and(t.taskName.ne("a")))))
                .containsExactly("a", "b");
        assertThat(namesWhere(
                        database,
                        t -> t.taskName.in("a", "b").or(t.taskName.eq("c")).not()))
                .containsExactly("d");
    }

    @DatabaseTest
    void literals_of_every_type_are_stored_and_found(TestDatabase test) {
        UniversalUuid id = UniversalUuid.MAX;
        String text = "it's a ? and a \\ and {fn now()} and 中 and \uD83D\uDE00";
        UniversalBinary bytes = UniversalBinary.of(new byte[] {0, -1, 39, 92});
        Command<NoArgument> context = statements.insert("context", i -> {
            var c = i.into(Contexts::new);
            i.set(c.id, id);
            i.set(c.value, text);
            i.set(c.createdAt, UniversalTimestamp.MIN);
            i.set(c.updatedAt, UniversalTimestamp.MAX);
        });
        Command<NoArgument> registry = statements.insert("registry", i -> {
            var r = i.into(WorkflowRegistry::new);
            i.set(r.id, UniversalUuid.NIL);
            i.set(r.createdAt, NOON);
            i.set(r.data, bytes);
        });
        Command<Long> pid = statements.update("pid", u -> {
            var r = u.table(Runners::new);
            u.set(r.pid, Long.MIN_VALUE);
            u.where(r.pid.eq(u.arg()), r.host.eq("here"));
        });
        Select<NoArgument, String> found = statements.select("found", q -> {
            var c = q.from(Contexts::new);
            var r = q.crossJoin(WorkflowRegistry::new);
            var u = q.crossJoin(Runners::new);
            var s = q.crossJoin(CronSchedules::new);
            var t = q.crossJoin(TaskExecutions::new);
            q.where(c.id.eq(id), c.value.eq(text), c.createdAt.eq(UniversalTimestamp.MIN));
            q.where(c.updatedAt.in(UniversalTimestamp.MAX), r.data.eq(bytes), u.pid.eq(Long.MIN_VALUE));
            q.where(s.enabled.eq(UniversalBool.TRUE), s.enabled.ne(UniversalBool.FALSE));
            q.where(t.status.eq(TaskStatus.RUNNING), t.attempt.gt(Integer.MIN_VALUE), t.attempt.eq(0));
            return row -> row.get(c.value);
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        database.write(SampleRows::everywhere);

        database.write(transaction -> {
            assertThat(transaction.run(context, NoArgument.NONE)).isEqualTo(1);
            assertThat(transaction.run(registry, NoArgument.NONE)).isEqualTo(1);
            return transaction.run(pid, 4_294_967_296L);
        });
        assertThat(database.list(found)).containsExactly(text);
    }

    @DatabaseTest
    void nulls_go_where_the_order_says(TestDatabase test) {
        BiFunction<String, Function<TaskExecutions, Ordering<?>>, Select<NoArgument, String>> ordered =
                (name, by) -> statements.select(name, q -> {
                    var t = q.from(TaskExecutions::new);
                    q.orderBy(by.apply(t), t.taskName.desc());
                    return row -> row.get(t.taskName);
                });
        var ascendingFirst = ordered.apply("1", t -> t.startedAt.asc(Nulls.FIRST));
        var ascendingLast = ordered.apply("2", t -> t.startedAt.asc(Nulls.LAST));
        var descendingFirst = ordered.apply("3", t -> t.startedAt.desc(Nulls.FIRST));
        var descendingLast = ordered.apply("4", t -> t.startedAt.desc(Nulls.LAST));
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        tasksStarted(database, at(2), null, at(1), null);

        assertThat(database.list(ascendingFirst)).containsExactly("d", "b", "c", "a");
        assertThat(database.list(ascendingLast)).containsExactly("c", "a", "d", "b");
        assertThat(database.list(descendingFirst)).containsExactly("d", "b", "a", "c");
        assertThat(database.list(descendingLast)).containsExactly("a", "c", "d", "b");
    }

    @DatabaseTest
    void a_limit_is_a_constant_or_a_parameter_that_is_not_negative(TestDatabase test) {
        Select<NoArgument, String> two = statements.select("two", q -> {
            var t = q.from(TaskExecutions::new);
            q.orderBy(t.taskName.asc());
            q.limit(2);
            return row -> row.get(t.taskName);
        });
        Select<Integer, String> some = statements.select("some", q -> {
            var t = q.from(TaskExecutions::new);
            q.orderBy(t.taskName.asc());
            q.limit(q.arg());
            return row -> row.get(t.taskName);
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        tasksStarted(database, null, null, null);

        assertThat(database.list(two)).containsExactly("a", "b");
        assertThat(database.list(some, 1)).containsExactly("a");
        assertThat(database.list(some, 0)).isEmpty();
        assertThatThrownBy(() -> database.list(some, -1))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_VALUE))
                .hasMessageContaining("the limit: a limit must not be negative: -1");
    }

    private record Position(UniversalTimestamp createdAt, UniversalUuid id) {}

    @DatabaseTest
    void keyset_pages_meet_every_row_once_also_over_ties_in_both_directions(TestDatabase test) {
        Select<Position, Position> forward = statements.select("forward", q -> {
            var e = q.from(Contexts::new);
            q.keyset(
                    e.createdAt.asc().after(q.arg(Position::createdAt)),
                    e.id.asc().after(q.arg(Position::id)));
            q.limit(7);
            return row -> new Position(row.get(e.createdAt), row.get(e.id));
        });
        Select<Position, Position> backward = statements.select("backward", q -> {
            var e = q.from(Contexts::new);
            q.keyset(
                    e.createdAt.desc().after(q.arg(Position::createdAt)),
                    e.id.desc().after(q.arg(Position::id)));
            q.limit(7);
            return row -> new Position(row.get(e.createdAt), row.get(e.id));
        });
        Command<Position> insert = statements.insert("insert", i -> {
            var c = i.into(Contexts::new);
            i.set(c.id, i.arg(Position::id));
            i.set(c.value, "{}");
            i.set(c.createdAt, i.arg(Position::createdAt));
            i.set(c.updatedAt, NOON);
        });
        Database database = test.migrated(statements);
        List<Position> rows = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rows.add(new Position(at(i / 13), UniversalUuid.v7()));
        }
        List<Position> shuffled = new ArrayList<>(rows);
        Collections.reverse(shuffled);
        database.write(transaction -> transaction.batch(insert, shuffled));

        assertThat(pages(database, forward, new Position(UniversalTimestamp.MIN, UniversalUuid.NIL)))
                .isEqualTo(rows);
        assertThat(pages(database, backward, new Position(UniversalTimestamp.MAX, UniversalUuid.MAX)))
                .isEqualTo(shuffled);
    }

    private static List<Position> pages(Database database, Select<Position, Position> page, Position start) {
        List<Position> all = new ArrayList<>();
        Position last = start;
        while (true) {
            List<Position> rows = database.list(page, last);
            if (rows.isEmpty()) {
                return all;
            }
            all.addAll(rows);
            last = rows.get(rows.size() - 1);
        }
    }

    @DatabaseTest
    void rows_are_counted_in_all_and_by_group(TestDatabase test) {
        Select<NoArgument, Long> all = statements.select("all", q -> {
            q.from(TaskExecutions::new);
            var count = q.count();
            return row -> row.get(count);
        });
        Select<String, String> byStatus = statements.select("by-status", q -> {
            var t = q.from(TaskExecutions::new);
            var e = q.join(t.execution);
            var count = q.count();
            q.where(e.pipelineName.eq(q.arg()));
            q.groupBy(t.status);
            q.orderBy(t.status.asc());
            return row -> row.get(t.status) + "=" + row.get(count);
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        assertThat(database.list(all)).containsExactly(0L);
        database.write(SampleRows::everywhere);
        tasksStarted(database, null, null);

        assertThat(database.list(all)).containsExactly(4L);
        assertThat(database.list(byStatus, "etl")).containsExactly("COMPLETED=1", "READY=2", "RUNNING=1");
        assertThat(database.list(byStatus, "none")).isEmpty();
    }

    @DatabaseTest
    void a_column_of_an_outer_joined_table_can_be_read_and_compared_alone(TestDatabase test) {
        Select<NoArgument, String> hosts = statements.select("hosts", q -> {
            var t = q.from(TaskExecutions::new);
            var runner = q.leftJoin(t.runner);
            q.where(runner.column(r -> r.host).isNull().or(runner.isPresent()));
            q.orderBy(runner.column(r -> r.host).asc(Nulls.FIRST));
            return row -> row.get(t.taskName) + ":" + row.orNull(runner.column(r -> r.host));
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        database.write(SampleRows::everywhere);

        assertThat(database.list(hosts)).containsExactly("extract:null", "load:here");
    }

    @DatabaseTest
    void a_reader_of_no_column_only_says_that_there_is_a_row(TestDatabase test) {
        Select<String, Boolean> exists = statements.select("exists", q -> {
            q.where(q.from(PipelineExecutions::new).pipelineName.eq(q.arg()));
            return row -> true;
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        database.write(SampleRows::everywhere);

        assertThat(database.find(exists, "etl")).contains(true);
        assertThat(database.find(exists, "none")).isEmpty();
    }

    @DatabaseTest
    void a_native_select_says_its_text_twice_and_its_types_once(TestDatabase test) {
        Select<UniversalTimestamp, String> late = statements.nativeSelect(
                "late",
                "SELECT task_name, status, created_at FROM task_executions WHERE created_at > ? ORDER BY task_name",
                "SELECT task_name, status, created_at FROM task_executions WHERE created_at > ? ORDER BY 1",
                q -> {
                    q.bind(DataType.TIMESTAMP, at -> at);
                    var name = q.column(DataType.TEXT);
                    var status = q.column(DataType.enumText(TaskStatus.class));
                    q.column(DataType.TIMESTAMP); // not read
                    return row -> row.get(status) + " " + row.get(name);
                });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        tasksStarted(database, null, null, null);

        assertThat(database.list(late, at(0))).containsExactly("READY b", "READY c");
    }

    @DatabaseTest
    void a_reader_that_takes_a_column_on_some_rows_only_is_refused_loudly(TestDatabase test) {
        Select<NoArgument, String> conditional = statements.select("conditional", q -> {
            var t = q.from(TaskExecutions::new);
            // the sample row has the first status, so that startedAt is never taken from it
            return row -> row.get(t.status) == TaskStatus.RUNNING ? "since " + row.orNull(t.startedAt) : "waits";
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        database.write(SampleRows::everywhere);

        assertThatThrownBy(() -> database.list(conditional))
                .isInstanceOf(StatementException.class)
                .hasMessage("statement test.conditional: task_executions.started_at is not read on every row:"
                        + " a reader takes its columns unconditionally");
        // the connection and other statements are unharmed
        assertThat(namesWhere(database, t -> t.status.eq(TaskStatus.RUNNING))).containsExactly("load");
    }

    @DatabaseTest
    void an_inner_join_leaves_out_rows_whose_reference_is_null(TestDatabase test) {
        Select<NoArgument, String> inputs = statements.select("inputs", q -> {
            var e = q.from(PipelineExecutions::new);
            var c = q.join(e.context);
            return row -> row.get(c.value);
        });
        Database database = test.migrated(statements, SampleRows.STATEMENTS);
        Ids ids = database.write(SampleRows::everywhere);
        tasksStarted(database);
        database.write(
                transaction -> transaction.run(SampleRows.CONTEXT, new Context(UniversalUuid.v7(), ids.toString())));

        assertThat(database.list(inputs)).containsExactly("{\"in\":1}");
    }
}
